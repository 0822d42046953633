package dev.rekey.k8s;

import com.google.gson.stream.MalformedJsonException;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import io.kubernetes.client.util.ClientBuilder;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One address and the client for it: a built client cannot change its TLS name or keys, so each address has its own. Only raw
 * requests are sent: the typed ones would send a patch with the wrong content type and hold whole objects in their exceptions.
 */
final class ApiServer {
    /** Of any single request. */
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

    private static final int STATUS_BYTES = 64 * 1024;

    private final String name;
    private final URI address;
    private final Credentials credentials;
    private final ApiClient client;
    private final boolean tunnelled;

    private ApiServer(String name, URI address, Credentials credentials, ApiClient client, boolean tunnelled) {
        this.name = name;
        this.address = address;
        this.credentials = credentials;
        this.client = client;
        this.tunnelled = tunnelled;
    }

    /** {@code tlsServerName} is what its certificate must hold; empty = the host of the address. */
    static ApiServer at(String name, URI address, String tlsServerName, Kubeconfig kubeconfig) {
        return at(name, address, tlsServerName, kubeconfig, null);
    }

    /** Where {@code tunnel} is given, every connection is one that it makes, with the name in the address as its member takes it. */
    static ApiServer at(
            String name, URI address, String tlsServerName, Kubeconfig kubeconfig, @Nullable SocketFactory tunnel) {
        ClientBuilder builder = new ClientBuilder()
                .setBasePath(address.toString())
                .setVerifyingSsl(kubeconfig.verified())
                .setPingInterval(Duration.ofSeconds(10))
                .setReadTimeout(CALL_TIMEOUT)
                .setTlsServerName(tlsServerName)
                .setAuthentication(
                        client -> kubeconfig.credentials().keyManagers().ifPresent(client::setKeyManagers));
        if (!kubeconfig.authority().isEmpty()) {
            builder.setCertificateAuthority(kubeconfig.authority().getBytes(StandardCharsets.ISO_8859_1));
        }
        ApiClient client = builder.build();
        client.setUserAgent("rekey");
        OkHttpClient.Builder http = client.getHttpClient()
                .newBuilder()
                .callTimeout(CALL_TIMEOUT)
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(false)
                .followSslRedirects(false)
                .connectionPool(new ConnectionPool(8, 1, TimeUnit.MINUTES));
        if (tunnel != null) {
            // A proxy of this process is not on the member's way; and a lost SSH connection may have to be made anew
            // first.
            http.socketFactory(tunnel)
                    .dns(ApiServer::unresolved)
                    .proxy(Proxy.NO_PROXY)
                    .connectTimeout(Duration.ofSeconds(15));
        }
        client.setHttpClient(http.build());
        return new ApiServer(name, address, kubeconfig.credentials(), client, tunnel != null);
    }

    /** The name itself goes to the tunnel, which asks for no more; the address beside it is never dialled. */
    private static List<InetAddress> unresolved(String host) throws UnknownHostException {
        return List.of(InetAddress.getByAddress(host, new byte[4]));
    }

    String name() {
        return name;
    }

    /** Reads a success while it comes in; must read to the end. */
    interface BodyReader<T> {
        T read(Reader body) throws IOException;
    }

    /** One exchange, or two where the credentials had run out and could be renewed. */
    <T> T exchange(Request request, Duration timeout, Calls calls, BodyReader<T> reader)
            throws BadAnswerException, NoAnswerException {
        String authorization = credentials.authorization();
        try {
            return once(request, authorization, timeout, calls, reader);
        } catch (BadAnswerException e) {
            if (e.status().kind() == ApiStatus.Kind.CREDENTIALS && credentials.renew(authorization)) {
                return once(request, credentials.authorization(), timeout, calls, reader);
            }
            throw e;
        }
    }

    private <T> T once(Request request, String authorization, Duration timeout, Calls calls, BodyReader<T> reader)
            throws BadAnswerException, NoAnswerException {
        Call call = call(request, authorization);
        call.timeout()
                .timeout(Math.max(1, Math.min(timeout.toMillis(), CALL_TIMEOUT.toMillis())), TimeUnit.MILLISECONDS);
        calls.started(call);
        try (Response response = call.execute()) {
            int code = response.code();
            if (!response.isSuccessful()) {
                byte[] body = response.body().byteStream().readNBytes(STATUS_BYTES);
                String retryAfter = response.header("Retry-After", "");
                throw new BadAnswerException(ApiStatus.of(
                        code, retryAfter == null ? "" : retryAfter, new String(body, StandardCharsets.UTF_8)));
            }
            return read(code, response.body().charStream(), reader);
        } catch (IOException e) {
            throw tunnelled ? NoAnswerException.throughTunnel(e) : NoAnswerException.because(e);
        } finally {
            calls.ended(call);
        }
    }

    private static <T> T read(int code, Reader body, BodyReader<T> reader) throws IOException, BadAnswerException {
        try {
            return reader.read(body);
        } catch (MalformedJsonException | RuntimeException e) {
            // Not chained: what gson says may quote the body.
            throw new BadAnswerException(ApiStatus.noJson(code));
        }
    }

    private Call call(Request request, String authorization) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept", request.accept());
        if (!request.contentType().isEmpty()) {
            headers.put("Content-Type", request.contentType());
        }
        if (!authorization.isEmpty()) {
            headers.put("Authorization", authorization);
        }
        List<Pair> query = new ArrayList<>();
        request.query().forEach(pair -> query.add(new Pair(pair.getKey(), pair.getValue())));
        Object body = request.body().isEmpty() ? null : request.body().getBytes(StandardCharsets.UTF_8);
        try {
            return client.buildCall(
                    client.getBasePath(),
                    request.path(),
                    request.method(),
                    query,
                    List.of(),
                    body,
                    headers,
                    Map.of(),
                    Map.of(),
                    new String[0],
                    null);
        } catch (ApiException e) {
            throw new IllegalStateException("a request could not be built: " + request);
        }
    }

    /** Closes its connections; nothing of it may be used any more. */
    void close() {
        OkHttpClient http = client.getHttpClient();
        http.dispatcher().cancelAll();
        http.connectionPool().evictAll();
    }

    @Override
    public String toString() {
        return name.isEmpty() ? address.toString() : name + " at " + address + (tunnelled ? " through its tunnel" : "");
    }
}
