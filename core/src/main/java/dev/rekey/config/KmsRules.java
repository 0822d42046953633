package dev.rekey.config;

import dev.rekey.internal.Placeholder;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** KMS providers, by version and gates. */
final class KmsRules {
    private static final Duration LONGEST_TIMEOUT = Duration.ofNanos(Long.MAX_VALUE);

    private final ServerProfile server;
    private final Findings findings;
    private final Set<String> names = new HashSet<>();

    KmsRules(ServerProfile server, Findings findings) {
        this.server = server;
        this.findings = findings;
    }

    void check(Provider.Kms kms, String path) {
        boolean v1 = kms.apiVersion().equals("v1");
        name(kms, v1, path + ".name");
        apiVersion(kms, v1, path + ".apiVersion");
        cacheSize(kms, v1, path + ".cachesize");
        endpoint(kms, path + ".endpoint");
        if (kms.timeout().isZero() || kms.timeout().isNegative()) {
            findings.add(
                    Code.KMS_TIMEOUT, path + ".timeout", "the timeout must be more than nothing; 3s is the default");
        } else if (kms.timeout().compareTo(LONGEST_TIMEOUT) > 0) {
            findings.add(
                    Code.KMS_TIMEOUT,
                    path + ".timeout",
                    "the timeout is longer than a server can count (292 years); 3s is the default");
        }
    }

    private void name(Provider.Kms kms, boolean v1, String path) {
        findings.requireWhole(kms.name(), path);
        if (kms.name().isEmpty()) {
            findings.add(
                    Code.REQUIRED,
                    path,
                    "the KMS provider has no name; stored values carry it, so choose one for good");
        }
        boolean colon = kms.name().indexOf(':') >= 0;
        if (colon && !v1 && server.capabilities().kmsV2Known()) {
            findings.add(Code.KMS_NAME, path, "the name of a KMS v2 provider must not hold a colon; choose another");
        } else if (colon) {
            findings.add(
                    Code.KEY_NAME_COLON,
                    path,
                    "the name holds a colon, which KMS v2 does not allow; choose another one then");
        }
        if (!names.add(kms.name())) {
            boolean refused = server.capabilities().automaticReload() && (server.automaticReload() || !v1);
            findings.add(
                    refused ? Code.KMS_DUPLICATE : Code.KMS_NAME_REUSED,
                    path,
                    refused
                            ? "an earlier KMS provider has this name too; names must be unique in the file"
                            : "an earlier KMS provider has this name too: with automatic reload, or as v2, the server refuses it");
        }
        if (Placeholder.isIn(kms.name())) {
            findings.add(
                    Code.PLACEHOLDER,
                    path,
                    "the name looks like a variable that was not expanded; the server takes it as it stands");
        }
    }

    private void apiVersion(Provider.Kms kms, boolean v1, String path) {
        Capabilities can = server.capabilities();
        if (v1 && !server.kmsV1()) {
            findings.add(
                    Code.KMS_V1_DISABLED,
                    path,
                    server.version()
                            + " does not start with a KMS v1 provider; use apiVersion: v2, or set the apiserver's feature gate KMSv1");
        } else if (v1 && server.version().isAtLeast(1, 28)) {
            findings.add(
                    Code.KMS_V1_DEPRECATED,
                    path,
                    "KMS v1 is deprecated since 1.28 and off since 1.29; move to apiVersion: v2");
        } else if (!v1 && can.kmsV2Known() && !kms.apiVersion().equals("v2")) {
            findings.add(Code.KMS_API_VERSION, path, "apiVersion must be v1 or v2");
        } else if (!v1 && !can.kmsV2Known()) {
            findings.add(
                    Code.KMS_V2_DISABLED,
                    path,
                    server.version()
                            + " does not know the field apiVersion and would speak KMS v1; remove it, or upgrade");
        } else if (!v1 && !server.kmsV2()) {
            findings.add(
                    Code.KMS_V2_DISABLED,
                    path,
                    server.version()
                            + " does not start with a KMS v2 provider; set the apiserver's feature gate KMSv2");
        }
    }

    /** Until 1.26 the server gave v2 providers a size as well. */
    private void cacheSize(Provider.Kms kms, boolean v1, String path) {
        boolean takesOne = v1 || !server.capabilities().wildcards();
        kms.cacheSize().ifPresent(size -> {
            if (!takesOne) {
                findings.add(Code.KMS_CACHE_SIZE, path, "KMS v2 has no cachesize; remove the field");
            } else if (size == 0) {
                findings.add(
                        Code.KMS_CACHE_SIZE, path, "cachesize must not be 0; a negative one switches the cache off");
            }
        });
    }

    private void endpoint(Provider.Kms kms, String path) {
        findings.requireWhole(kms.endpoint(), path);
        KmsEndpoint endpoint = KmsEndpoint.parse(kms.endpoint());
        if (kms.endpoint().isEmpty()) {
            findings.add(
                    Code.REQUIRED,
                    path,
                    "the KMS provider has no endpoint; write for example unix:///var/run/kms/socket.sock");
        } else if (!endpoint.valid()) {
            findings.add(
                    Code.KMS_ENDPOINT,
                    path,
                    "the endpoint is no URL that the server can read; write unix:// and an absolute path");
        } else if (!endpoint.scheme().equals("unix")) {
            findings.add(Code.KMS_ENDPOINT, path, "the endpoint must begin with unix://, followed by an absolute path");
        } else if (!endpoint.host().isEmpty()) {
            findings.add(
                    Code.KMS_ENDPOINT_PATH,
                    path,
                    "two slashes make the first part a host name, which the server drops from the path; write three: unix:///path");
        } else if (endpoint.path().isEmpty()) {
            findings.add(Code.KMS_ENDPOINT_PATH, path, "the endpoint has no absolute path; write unix:///path");
        }
        if (Placeholder.isIn(kms.endpoint())) {
            findings.add(
                    Code.PLACEHOLDER,
                    path,
                    "the endpoint looks like a variable that was not expanded; the server takes it as it stands");
        }
    }
}
