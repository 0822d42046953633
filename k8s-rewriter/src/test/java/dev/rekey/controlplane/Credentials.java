package dev.rekey.controlplane;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The one admin of a test cluster, who has a client certificate and a token, and what his clients trust. */
final class Credentials {
    private static final String USER = "kubernetes-admin";
    private static final String GROUP = "system:masters";

    private final Pki pki = new Pki();
    private final Pki.Identity admin = pki.client(USER, GROUP);
    private final String token = UUID.randomUUID().toString();
    private final SSLContext tls = trusting(pki);

    Pki pki() {
        return pki;
    }

    /** For {@code --token-auth-file}. */
    String tokenFile() {
        return token + "," + USER + ",1,\"" + GROUP + "\"\n";
    }

    String kubeconfig(String server) {
        return Kubeconfig.withCertificate(server, pki.pem(), admin);
    }

    String kubeconfigWithToken(String server) {
        return Kubeconfig.withToken(server, pki.pem(), token);
    }

    KubernetesApi api(String server) {
        return new KubernetesApi(server, token, tls);
    }

    private static SSLContext trusting(Pki pki) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", pki.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
