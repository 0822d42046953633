package dev.rekey.k8s;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rekey.NodeException;
import java.util.ArrayList;
import java.util.List;

/** Reads through the first of the apiservers that answers, each question once. */
final class AnyServer {
    private final ApiServers servers;
    private final Calls calls;
    private final Deadline deadline;

    AnyServer(ApiServers servers, Calls calls, Deadline deadline) {
        this.servers = servers;
        this.calls = calls;
        this.deadline = deadline;
    }

    /** Questions that must be answered by one and the same apiserver. */
    interface Questions<T> {
        T ask(ApiServer server) throws BadAnswerException, NoAnswerException;
    }

    /** A {@link NodeException} with what each of them said where none answers; {@code purpose} is what for. */
    <T> T first(String purpose, Questions<T> questions) {
        List<String> said = new ArrayList<>();
        for (ApiServer server : servers.all()) {
            if (deadline.passed()) {
                said.add(server + ": not asked, time ran out");
                continue;
            }
            try {
                return questions.ask(server);
            } catch (NoAnswerException e) {
                said.add(server + ": " + e.words());
            } catch (BadAnswerException e) {
                said.add(server + ": " + e.words());
            }
        }
        throw new NodeException("no apiserver could be asked for " + purpose + ": " + String.join("; ", said)
                + ". Nothing was changed; mend that, then make the same call again");
    }

    JsonObject json(ApiServer server, Request request) throws BadAnswerException, NoAnswerException {
        return server.exchange(
                request,
                deadline.atMost(10),
                calls,
                body -> JsonParser.parseReader(body).getAsJsonObject());
    }
}
