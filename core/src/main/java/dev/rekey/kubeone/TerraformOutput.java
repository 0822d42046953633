package dev.rekey.kubeone;

import java.util.ArrayList;
import java.util.List;

/** What {@code terraform output -json} prints for KubeOne, given to it with {@code --tfjson}; other outputs are not looked at. */
public final class TerraformOutput {
    private final List<KubeOneHost> hosts;

    private TerraformOutput(List<KubeOneHost> hosts) {
        this.hosts = List.copyOf(hosts);
    }

    /** Reads the text; an {@link dev.rekey.InvalidInputException} names line, column and field, and quotes nothing. */
    public static TerraformOutput parse(String json) {
        Section root = Section.of("Terraform's output", json);
        return new TerraformOutput(
                hosts(root.section("kubeone_hosts").section("value").section("control_plane")));
    }

    /** The control plane's hosts, in Terraform's order; none where it names none. */
    public List<KubeOneHost> hosts() {
        return hosts;
    }

    @Override
    public String toString() {
        return "TerraformOutput[" + hosts.size() + " hosts]";
    }

    /** Lists side by side. One may be left out; one that is shorter or longer would leave a member out, or take it for another. */
    private static List<KubeOneHost> hosts(Section plane) {
        List<String> publicAddresses = plane.texts("public_address");
        List<String> privateAddresses = plane.texts("private_address");
        List<String> hostnames = plane.texts("hostnames");
        List<String> hostKeys = plane.texts("ssh_hosts_keys");
        int count = publicAddresses.isEmpty() ? privateAddresses.size() : publicAddresses.size();
        requireAlike(plane, "private_address", privateAddresses.size(), count);
        requireAlike(plane, "hostnames", hostnames.size(), count);
        requireAlike(plane, "ssh_hosts_keys", hostKeys.size(), count);
        List<KubeOneHost> hosts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            hosts.add(new HostFields(
                            at(hostnames, i),
                            at(publicAddresses, i),
                            at(privateAddresses, i),
                            plane.text("ssh_user"),
                            plane.port("ssh_port"),
                            plane.text("ssh_private_key_file"),
                            plane.text("ssh_cert_file"),
                            plane.text("ssh_agent_socket"),
                            at(hostKeys, i),
                            plane.text("bastion"),
                            plane.port("bastion_port"),
                            plane.text("bastion_user"),
                            "",
                            plane.text("bastion_host_key"))
                    .host()
                    .orElseThrow(() -> plane.mistake("public_address", "a host without an address stands here")));
        }
        return hosts;
    }

    private static void requireAlike(Section plane, String field, int size, int hosts) {
        if (size != 0 && size != hosts) {
            throw plane.mistake(
                    field,
                    "this list is " + size + " long, and the hosts' addresses are " + hosts
                            + "; give what terraform output -json prints after terraform apply or refresh");
        }
    }

    private static String at(List<String> list, int index) {
        return list.isEmpty() ? "" : list.get(index);
    }
}
