package dev.rekey.k8s;

import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;

/** Bodies as apiservers send them; every quote may be written as {@code '}. */
final class Answers {
    private Answers() {}

    static MockResponse json(int code, String body) {
        return new MockResponse.Builder()
                .code(code)
                .addHeader("Content-Type", "application/json")
                .body(body.replace('\'', '"'))
                .build();
    }

    static MockResponse text(int code, String body, String... headers) {
        MockResponse.Builder answer = new MockResponse.Builder().code(code).body(body);
        for (int i = 0; i < headers.length; i += 2) {
            answer.addHeader(headers[i], headers[i + 1]);
        }
        return answer.build();
    }

    /** {@code message} gets the needle as a real one may hold contents. */
    static MockResponse status(int code, String reason, String message, String details) {
        return json(
                code,
                "{'kind':'Status','apiVersion':'v1','status':'Failure','metadata':{},'reason':'" + reason + "','code':"
                        + code + ",'message':'" + message + " " + FakeApiServer.NEEDLE + "','details':" + details
                        + "}");
    }

    static MockResponse notFound(String name) {
        return status(404, "NotFound", "secrets not found", "{'name':'" + name + "','kind':'secrets'}");
    }

    static String object(String namespace, String name, long resourceVersion) {
        return "{'kind':'PartialObjectMetadata','metadata':{'name':'" + name + "','namespace':'" + namespace
                + "','resourceVersion':'" + resourceVersion + "','annotations':"
                + "{'kubectl.kubernetes.io/last-applied-configuration':'{\\'data\\':\\'" + FakeApiServer.NEEDLE
                + "\\'}'}}}";
    }

    static MockResponse list(long resourceVersion, String next, List<String> items) {
        return json(
                200,
                "{'kind':'PartialObjectMetadataList','metadata':{'resourceVersion':'" + resourceVersion
                        + "','continue':'" + next + "'},'items':"
                        + (items.isEmpty() ? "null" : "[" + String.join(",", items) + "]") + "}");
    }

    static MockResponse cut() {
        return new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket(true, false, false))
                .build();
    }
}
