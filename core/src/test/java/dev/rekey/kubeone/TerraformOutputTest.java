package dev.rekey.kubeone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rekey.InvalidInputException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerraformOutputTest {
    @Test
    void hostsAreReadFromListsSideBySide() {
        TerraformOutput output = TerraformOutput.parse("""
                {
                  "kubeone_api": {
                    "sensitive": false,
                    "type": ["object", {"endpoint": "string"}],
                    "value": {"endpoint": "lb.example.com"}
                  },
                  "kubeone_hosts": {
                    "sensitive": false,
                    "type": ["object", {"control_plane": ["object", {"cluster_name": "string"}]}],
                    "value": {
                      "control_plane": {
                        "bastion": "198.51.100.7",
                        "bastion_host_key": null,
                        "bastion_port": 22,
                        "bastion_user": "ubuntu",
                        "cloud_provider": "aws",
                        "cluster_name": "k1-cluster",
                        "hostnames": ["ip-172-31-1-1.eu-west-3.compute.internal", ""],
                        "leader_ip": "",
                        "network_id": "",
                        "operating_system": "ubuntu",
                        "private_address": ["172.31.1.1", "172.31.2.2"],
                        "public_address": [],
                        "ssh_agent_socket": "env:SSH_AUTH_SOCK",
                        "ssh_hosts_keys": ["AAAAC3NzaC1lZDI1NTE5AAAAIA", null],
                        "ssh_port": 22,
                        "ssh_private_key_file": "",
                        "ssh_user": "ubuntu",
                        "untaint": false
                      }
                    }
                  },
                  "kubeone_workers": {"value": {"pool1": {"replicas": 1}}},
                  "password": {"sensitive": true, "type": "string", "value": "topsecret"}
                }
                """);

        Optional<SshAccess> bastion =
                Optional.of(new SshAccess("198.51.100.7", 22, "ubuntu", "", "", "env:SSH_AUTH_SOCK", ""));
        assertThat(output.hosts())
                .containsExactly(
                        new KubeOneHost(
                                "ip-172-31-1-1.eu-west-3.compute.internal",
                                "172.31.1.1",
                                "172.31.1.1",
                                new SshAccess(
                                        "172.31.1.1",
                                        22,
                                        "ubuntu",
                                        "",
                                        "",
                                        "env:SSH_AUTH_SOCK",
                                        "AAAAC3NzaC1lZDI1NTE5AAAAIA"),
                                bastion),
                        new KubeOneHost(
                                "",
                                "172.31.2.2",
                                "172.31.2.2",
                                new SshAccess("172.31.2.2", 22, "ubuntu", "", "", "env:SSH_AUTH_SOCK", ""),
                                bastion));
        assertThat(output.toString()).isEqualTo("TerraformOutput[2 hosts]");
    }

    @Test
    void publicAddressesCountTheHostsWhereThereAreAny() {
        TerraformOutput output = TerraformOutput.parse(
                controlPlane(
                        "\"public_address\": [\"1.1.1.1\", \"2.2.2.2\"], \"private_address\": [\"10.0.0.1\", null], \"ssh_user\": \"root\", \"ssh_private_key_file\": \"~/id\""));

        assertThat(output.hosts())
                .containsExactly(
                        new KubeOneHost(
                                "",
                                "1.1.1.1",
                                "10.0.0.1",
                                new SshAccess("1.1.1.1", 22, "root", "~/id", "", "", ""),
                                Optional.empty()),
                        new KubeOneHost(
                                "",
                                "2.2.2.2",
                                "2.2.2.2",
                                new SshAccess("2.2.2.2", 22, "root", "~/id", "", "", ""),
                                Optional.empty()));
    }

    @Test
    void outputsThatAreNotKubeOnesHaveNoHosts() {
        assertThat(TerraformOutput.parse("{}").hosts()).isEmpty();
        assertThat(TerraformOutput.parse("{\"vpc\": {\"value\": [1, null, {\"a\": \"b\"}]}}")
                        .hosts())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"public_address\": \"1.1.1.1\" | kubeone_hosts.value.control_plane.public_address: here has to be a list",
                "\"public_address\": [{}] | kubeone_hosts.value.control_plane.public_address[0]: here has to be a text",
                "\"public_address\": [null] | kubeone_hosts.value.control_plane.public_address: a host without an address stands here",
                "\"public_address\": [\"a\"], \"ssh_port\": \"topsecret\" | kubeone_hosts.value.control_plane.ssh_port: here has to be a port",
                "\"public_address\": [\"a\"], \"private_address\": [\"b\", \"c\"] | kubeone_hosts.value.control_plane.private_address: this list is 2 long, and the hosts' addresses are 1",
                "\"private_address\": [\"a\", \"b\", \"c\"], \"hostnames\": [\"x\", \"y\"] | kubeone_hosts.value.control_plane.hostnames: this list is 2 long, and the hosts' addresses are 3",
                "\"hostnames\": [\"x\"] | kubeone_hosts.value.control_plane.hostnames: this list is 1 long, and the hosts' addresses are 0",
                "\"public_address\": [\"a\", \"b\"], \"ssh_hosts_keys\": [\"k\"] | kubeone_hosts.value.control_plane.ssh_hosts_keys: this list is 1 long, and the hosts' addresses are 2",
                "\"public_address\": [\"a\", \"${topsecret}\"] | kubeone_hosts.value.control_plane.public_address[1]: a template stands here that is not filled in",
                "\"public_address\": [\"a\"], \"bastion\": \"<topsecret>\" | kubeone_hosts.value.control_plane.bastion: a template stands here",
                "\"public_address\": [\"a\"], \"SSH_User\": \"u\" | kubeone_hosts.value.control_plane.ssh_user: the field stands here with other capitals; write it as ssh_user",
                "\"Public_Address\": [\"a\"] | kubeone_hosts.value.control_plane.public_address: the field stands here with other capitals",
                "\"public_address\": [\"a\"], \"public_address\": [] | kubeone_hosts.value.control_plane.public_address: the field stands twice"
            })
    void whatMattersAndIsWrongIsRefusedWithItsPlace(String fields, String message) {
        assertThatThrownBy(() -> TerraformOutput.parse(controlPlane(fields)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("Terraform's output, line 1, column ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("topsecret");
    }

    private static String controlPlane(String fields) {
        return "{\"kubeone_hosts\": {\"value\": {\"control_plane\": {" + fields + "}}}}";
    }
}
