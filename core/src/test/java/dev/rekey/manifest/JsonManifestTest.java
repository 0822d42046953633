package dev.rekey.manifest;

import static dev.rekey.manifest.Shapes.CONFIG;
import static dev.rekey.manifest.Shapes.MOUNT;
import static dev.rekey.manifest.Shapes.RELOAD;
import static dev.rekey.manifest.Shapes.VOLUME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.RefusedException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that begins with a brace is JSON to kubelet. */
class JsonManifestTest {
    private static final String PRETTY = """
            {
              "apiVersion": "v1",
              "kind": "Pod",
              "metadata": {
                "name": "kube-apiserver",
                "namespace": "kube-system"
              },
              "spec": {
                "containers": [
                  {
                    "name": "kube-apiserver",
                    "command": [
                      "kube-apiserver",
                      "--secure-port=6443"
                    ]
                  }
                ],
                "volumes": null
              }
            }
            """;

    @Test
    @DisplayName("JSON, one value a line => one value a line")
    void pretty() {
        ApiServerManifest after = Laws.enabling(PRETTY, """
                -          "--secure-port=6443"
                -        ]
                +          "--secure-port=6443",
                +          "%s",
                +          "%s"
                +        ],
                +        "volumeMounts": [ %s ]
                -    "volumes": null
                +    "volumes": [  %s  ]
                """.formatted(CONFIG, RELOAD, MOUNT, VOLUME));
        ApiServerManifest marked = after.withAnnotation("rekey.dev/restart", "1/2");
        assertThat(Laws.LineDiff.of(after.text(), marked.text())).isEqualTo("""
                        -    "namespace": "kube-system"
                        +    "namespace": "kube-system",
                        +    "annotations": { "rekey.dev/restart": "1/2" }
                        """);
        assertThat(marked.withoutAnnotation("rekey.dev/restart").text()).isEqualTo(after.text());
    }

    @Test
    @DisplayName("JSON, tabs for indentation => tabs")
    void tabs() {
        String before = PRETTY.replace("  ", "\t").replace("\t\"volumes\": null", "\t\"volumes\": []");
        ApiServerManifest after = ApiServerManifest.parse(before).withEncryption(Laws.SETTINGS);
        assertThat(after.text()).contains("\n\t\t\t\t\t\"" + CONFIG + "\",\n\t\t\t\t\t\"" + RELOAD + "\"\n");
        assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(before);
    }

    @ParameterizedTest(name = "JSON on one line, {0} => on that line")
    @ValueSource(strings = {"\"volumes\":[]", "\"volumes\":null", "\"hostNetwork\":true"})
    void compact(String last) {
        String before = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"kube-apiserver\"},\"spec\":"
                + "{\"containers\":[{\"name\":\"kube-apiserver\",\"command\":[\"kube-apiserver\",\"--v=2\"],"
                + "\"volumeMounts\":[]}]," + last + "}}";
        ApiServerManifest after = ApiServerManifest.parse(before).withEncryption(Laws.SETTINGS);
        assertThat(after.text().lines()).hasSize(1);
        assertThat(PodModel.decode(after.text())).isEqualTo(PodModel.enabled(before, Laws.SETTINGS));
        assertThat(after.withoutEncryption(Laws.LAYOUT).text()).isEqualTo(before);
    }

    @ParameterizedTest(name = "JSON with {0} => refused, since kubelet could not read it")
    @ValueSource(
            strings = {
                "\"Pod\", # no",
                "'Pod',",
                "Pod,",
                "\"Pod\",,",
                "\"Pod\", \"a\":,",
                "\"Pod\", \"a\": \"a\tb\",",
                "\"Pod\", \"a\": \"a\n b\",",
                "\"Pod\", \"a\": \"\\x41\",",
                "\"Pod\", \"a\": &a {},"
            })
    void noJson(String kind) {
        String text = Shapes.replaced(PRETTY, "\"Pod\",", kind);
        assertThatThrownBy(() -> ApiServerManifest.parse(text)).isInstanceOf(dev.rekey.RekeyException.class);
    }

    @Test
    @DisplayName("JSON with a comma after the last value => refused")
    void trailingComma() {
        String text = Shapes.replaced(PRETTY, "\"volumes\": null", "\"volumes\": null,");
        assertThatThrownBy(() -> ApiServerManifest.parse(text))
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "apiserver manifest, line 18: the text begins with { and is taken for JSON, which it is not;"
                                + " nothing was changed. Take that out");
    }
}
