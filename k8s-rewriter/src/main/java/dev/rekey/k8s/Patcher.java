package dev.rekey.k8s;

import dev.rekey.k8s.ApiStatus.Kind;
import java.util.regex.Pattern;

/**
 * Has one object stored again: an empty merge-patch, which the apiserver writes only where what is stored is stale. A success
 * proves nothing by itself; the resourceVersion of the answer tells.
 */
final class Patcher {
    private static final Pattern REVISION = Pattern.compile("[1-9]\\d{0,17}");

    private final Attempts attempts;

    Patcher(Attempts attempts) {
        this.attempts = attempts;
    }

    Outcome patch(ResourceType type, ObjectMetadata listed) {
        Request request = Request.mergePatch(type.path(listed.namespace(), listed.name()), "{}")
                .accept(Request.METADATA);
        try {
            return judged(listed, attempts.send(request, ObjectMetadata::ofObject));
        } catch (NoAnswerException e) {
            return e.late() ? new Outcome.Failed(listed, e.words(), false) : unreachable(e);
        } catch (BadAnswerException e) {
            return refused(listed, e.status());
        }
    }

    private static Outcome judged(ObjectMetadata listed, ObjectMetadata answer) {
        if (!answer.name().equals(listed.name()) || !answer.namespace().equals(listed.namespace())) {
            return new Outcome.Failed(listed, "the answer is about another object", false);
        }
        if (answer.deleted()) {
            return new Outcome.Gone();
        }
        if (answer.resourceVersion().equals(listed.resourceVersion())) {
            return new Outcome.Current();
        }
        if (!REVISION.matcher(answer.resourceVersion()).matches()
                || !REVISION.matcher(listed.resourceVersion()).matches()) {
            return new Outcome.Failed(
                    listed, "its resourceVersion is no number, so nothing can be told from it", false);
        }
        return Long.parseLong(answer.resourceVersion()) > Long.parseLong(listed.resourceVersion())
                ? new Outcome.Written()
                : etcdWasPutBack();
    }

    private static Outcome refused(ObjectMetadata listed, ApiStatus status) {
        Kind kind = status.kind();
        if (kind == Kind.GONE && status.subject().equals(listed.name())) {
            return new Outcome.Gone();
        }
        if (kind == Kind.FULL || kind == Kind.CREDENTIALS) {
            return stop(status);
        }
        boolean ofItsOwn =
                kind == Kind.UNREADABLE || kind == Kind.CONFLICT || status.code() == 422 || status.code() == 413;
        return new Outcome.Failed(listed, status.words(), ofItsOwn);
    }

    /** For {@link Kind#FULL} and {@link Kind#CREDENTIALS}. */
    static Outcome.Stop stop(ApiStatus status) {
        return new Outcome.Stop(
                status.kind() == Kind.FULL
                        ? "etcd's database is full: compact and defragment etcd on every member, take back its NOSPACE alarm, and make the same call again"
                        : status.words() + ": mend them, and make the same call again");
    }

    static Outcome.Stop unreachable(NoAnswerException e) {
        return new Outcome.Stop(
                "no apiserver answers any more (" + e.words() + "): when one does, make the same call again");
    }

    static Outcome.Stop etcdWasPutBack() {
        return new Outcome.Stop(
                "an apiserver lists what etcd does not hold: etcd was put back to an older state under it;"
                        + " restart every apiserver, and make the same call again");
    }
}
