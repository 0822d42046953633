package dev.rekey.k8s;

/**
 * Lists metadata page by page, without a resourceVersion, so that the list shows what is stored and each page is small. An
 * expired list goes on with the token that the refusal carries: what changed meanwhile was stored by proved apiservers anyway.
 */
final class Lister {
    private static final int LIMIT = 500;
    private static final int EXPIRIES = 5;

    private final Attempts attempts;

    Lister(Attempts attempts) {
        this.attempts = attempts;
    }

    /** The part that {@code token} leads to; the empty token leads to the first. */
    Page page(ResourceType type, String token) throws BadAnswerException, NoAnswerException {
        String next = token;
        for (int expiries = 0; ; expiries++) {
            Request request = Request.get(type.listPath()).accept(Request.METADATA_LIST);
            Request from = next.isEmpty() ? request : request.with("continue", next);
            try {
                return attempts.send(attempt -> from.with("limit", limit(attempt)), Page::read);
            } catch (BadAnswerException e) {
                if (e.status().kind() != ApiStatus.Kind.EXPIRED || expiries >= EXPIRIES) {
                    throw e;
                }
                next = e.status().next();
            }
        }
    }

    /** Whether etcd is where {@code first} says; an apiserver's cache may be ahead of an etcd that was put back. */
    boolean isLive(ResourceType type, Page first) throws NoAnswerException {
        if (!first.resourceVersion().matches("[1-9]\\d{0,17}")) {
            return false;
        }
        try {
            var unused = attempts.send(type.liveCheck(Long.parseLong(first.resourceVersion())), Page::read);
            return true;
        } catch (BadAnswerException e) {
            return e.status().etcdIsOnlyAt().isEmpty();
        }
    }

    /** Smaller with each try: annotations can make a page of 500 too large for a slow line. */
    private static String limit(int attempt) {
        return Integer.toString(Math.max(20, LIMIT >> Math.min(2 * attempt, 10)));
    }
}
