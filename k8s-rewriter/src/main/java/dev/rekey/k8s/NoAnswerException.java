package dev.rekey.k8s;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** No answer, or none that ended. Whether the request took effect is unknown. The cause is not chained, since some quote what was received. */
final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String words;
    private final boolean late;

    private NoAnswerException(String words, boolean late) {
        super(words);
        this.words = words;
        this.late = late;
    }

    static NoAnswerException because(IOException cause) {
        boolean late = cause instanceof InterruptedIOException;
        return new NoAnswerException(late ? "no answer in time" : words(cause), late);
    }

    /** As {@link #because}; what the tunnel itself says is of a host, not of what an apiserver sent, and says what to do. */
    static NoAnswerException throughTunnel(IOException cause) {
        if (cause instanceof ConnectException && cause.getCause() instanceof ConnectException said) {
            return new NoAnswerException(String.valueOf(said.getMessage()), false);
        }
        return because(cause);
    }

    String words() {
        return words;
    }

    /** Whether time ran out, rather than the connection was refused or lost. */
    boolean late() {
        return late;
    }

    private static String words(IOException cause) {
        if (cause instanceof UnknownHostException) {
            return "its host name is not known";
        }
        if (cause instanceof ConnectException || cause instanceof NoRouteToHostException) {
            return "the connection is refused, or there is no way to it";
        }
        if (cause instanceof SSLPeerUnverifiedException) {
            return "its certificate is for another name: give the name that it holds as TLS server name";
        }
        if (cause instanceof SSLException) {
            return isDistrust(cause)
                    ? "its certificate is not of the authority that the kubeconfig names"
                    : "the TLS handshake fails";
        }
        return cause instanceof ProtocolException ? "what answers does not speak HTTP" : "the connection is lost";
    }

    private static boolean isDistrust(Throwable thrown) {
        for (@Nullable Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof CertificateException || at instanceof CertPathValidatorException) {
                return true;
            }
        }
        return false;
    }
}
