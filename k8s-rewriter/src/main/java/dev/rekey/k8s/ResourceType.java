package dev.rekey.k8s;

/**
 * A kind of object as an apiserver serves it.
 *
 * @param group empty = core
 * @param plural as {@code secrets}
 */
record ResourceType(String group, String version, String plural, boolean namespaced) {

    /** As a rule names it: {@code secrets}, {@code deployments.apps}. */
    String name() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** Of all namespaces. */
    String listPath() {
        return root() + "/" + plural;
    }

    /** An object's; {@code namespace} is empty where the type is not namespaced. */
    String path(String namespace, String name) {
        return collection(namespace) + "/" + Request.segment(name);
    }

    /** Lists nothing, and decrypts nothing, but is answered from etcd at that very revision. */
    Request liveCheck(long revision) {
        Request ofOneName = Request.get(collection("kube-system"))
                .with("fieldSelector", "metadata.name=rekey")
                .accept(Request.METADATA_LIST);
        return LiveCheck.exactly(ofOneName, revision);
    }

    private String collection(String namespace) {
        return namespaced ? root() + "/namespaces/" + Request.segment(namespace) + "/" + plural : listPath();
    }

    private String root() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    }
}
