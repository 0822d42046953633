package dev.rekey.k8s;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer other than success. {@code message} may hold contents of objects: it is looked through here and never passed on.
 *
 * @param genuine whether it is a Status as apiservers give, and no text of something in between
 * @param subject the name of the object that it is about; empty where it names none
 * @param causes field and reason of each thing that is wrong with an object, without the values
 * @param next the token with which an expired list goes on; empty where there is none
 * @param retryAfter zero where it asks for none
 */
record ApiStatus(
        int code,
        boolean genuine,
        String reason,
        String message,
        String subject,
        List<String> causes,
        String next,
        Duration retryAfter) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.\\[\\]/-]{1,100}");
    private static final Pattern WEBHOOK = Pattern.compile("webhook \"([a-z0-9.-]{1,100})\"");
    private static final Pattern STORED_KEY =
            Pattern.compile("unable to transform key \\\\?\"([A-Za-z0-9/._:-]{1,300})");
    private static final Pattern CURRENT = Pattern.compile("Too large resource version: \\d+, current: (\\d{1,18})");

    /** What the server's decoders say of a value that none of the loaded keys opens. */
    private static final List<String> UNREADABLE = List.of(
            "no matching prefix found",
            "no matching key was found",
            "message authentication failed",
            "output array was not large enough for encryption",
            "invalid PKCS7 data",
            "invalid padding on input",
            "the stored data ",
            "identity transformer tried to read encrypted data",
            "unable to transform key");

    ApiStatus {
        causes = List.copyOf(causes);
    }

    /** What to do about it. */
    enum Kind {
        /** The object is not there. */
        GONE,
        /** Somebody else wrote it just now. */
        CONFLICT,
        /** The list's snapshot is gone. */
        EXPIRED,
        /** Too much to do, starting or stopping: later. */
        BUSY,
        /** Perhaps only now. */
        PASSING,
        /** No loaded key opens what is stored. */
        UNREADABLE,
        /** etcd takes no more. */
        FULL,
        /** Our credentials are not accepted. */
        CREDENTIALS,
        /** It will say the same again. */
        REFUSED
    }

    /** {@code retryAfter} is the header in seconds; {@code body} is at most the beginning of what was answered. */
    static ApiStatus of(int code, String retryAfter, String body) {
        JsonObject status = Json.object(body);
        boolean genuine = Json.text(status, "kind").equals("Status");
        JsonObject details = Json.child(status, "details");
        List<String> causes = new ArrayList<>();
        for (JsonObject cause : Json.objects(details, "causes")) {
            causes.add((plain(Json.text(cause, "field")) + " " + plain(Json.text(cause, "reason"))).strip());
        }
        String seconds = retryAfter.isEmpty() ? Json.text(details, "retryAfterSeconds") : retryAfter;
        return new ApiStatus(
                code,
                genuine,
                genuine ? plain(Json.text(status, "reason")) : "",
                genuine ? Json.text(status, "message") : body,
                Json.text(details, "name"),
                causes,
                Json.text(Json.child(status, "metadata"), "continue"),
                Duration.ofSeconds(seconds.matches("\\d{1,4}") ? Long.parseLong(seconds) : 0));
    }

    /** A success that could not be read as what was asked for. */
    static ApiStatus noJson(int code) {
        return new ApiStatus(code, false, "", "", "", List.of(), "", Duration.ZERO);
    }

    Kind kind() {
        if (code == 401) {
            return Kind.CREDENTIALS;
        }
        if (message.contains("database space exceeded") || message.contains("etcdserver: no space")) {
            return Kind.FULL;
        }
        if ((code == 500 || code == 429) && UNREADABLE.stream().anyMatch(message::contains)) {
            return Kind.UNREADABLE;
        }
        return switch (code) {
            case 404 -> genuine && reason.equals("NotFound") ? Kind.GONE : Kind.REFUSED;
            case 409 -> Kind.CONFLICT;
            case 410 -> Kind.EXPIRED;
            case 429, 503 -> Kind.BUSY;
            case 408, 500, 502, 504 -> Kind.PASSING;
            default -> Kind.REFUSED;
        };
    }

    /** etcd's own revision, where this refuses a revision that etcd has not reached; 0 where it does not say which etcd is at. */
    OptionalLong etcdIsOnlyAt() {
        boolean ahead = message.contains("required revision is a future revision")
                || causes.contains("ResourceVersionTooLarge")
                || message.contains("Too large resource version");
        Matcher current = CURRENT.matcher(message);
        return ahead ? OptionalLong.of(current.find() ? Long.parseLong(current.group(1)) : 0) : OptionalLong.empty();
    }

    /** In our own words, short enough for a line. */
    String words() {
        if (code >= 200 && code < 300) {
            return "the answer is not what an apiserver gives";
        }
        if (code >= 300 && code < 400) {
            return code + ": a redirect, which is not followed";
        }
        String first = reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
        return switch (kind()) {
            case UNREADABLE -> first + ": no key that the apiserver has loaded decrypts " + storedKey();
            case FULL -> first + ": etcd's database is full";
            case CREDENTIALS -> first + ": the kubeconfig's credentials are not accepted, or no longer";
            default -> first + detail();
        };
    }

    private String storedKey() {
        Matcher key = STORED_KEY.matcher(message);
        return key.find() ? "what is stored at " + key.group(1) : "what is stored";
    }

    private String detail() {
        Matcher webhook = WEBHOOK.matcher(message);
        if (webhook.find()) {
            return ": the webhook " + webhook.group(1) + (message.contains("denied") ? " denies it" : " fails");
        }
        if (!causes.isEmpty()) {
            List<String> first = causes.subList(0, Math.min(3, causes.size()));
            return ": " + String.join(", ", first) + (causes.size() > 3 ? ", …" : "");
        }
        return genuine || code < 400 || code == 429 ? "" : " by something that is no apiserver, or starts or stops";
    }

    private static String plain(String text) {
        return PLAIN.matcher(text).matches() ? text : "";
    }

    @Override
    public String toString() {
        return words();
    }
}
