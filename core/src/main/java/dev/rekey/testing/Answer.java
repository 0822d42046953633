package dev.rekey.testing;

/**
 * An apiserver's answer to a client.
 *
 * @param status as in HTTP; 0 where nothing answered
 * @param text the object's content where it was read, else the reason
 * @param revision the object's resourceVersion; 0 where there is none
 */
public record Answer(int status, String text, long revision) {
    /** Whether the request was served. */
    public boolean ok() {
        return status >= 200 && status < 300;
    }
}
