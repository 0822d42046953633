package dev.rekey.sshd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that a {@link TestSshd} runs with: keys, users, sudoers, and the script that mounts them and starts sshd. */
final class SshdFiles {
    /** What makes and changes files, what passes through them, and what is run with which words and environment; no more, since each costs time. */
    private static final String TRACED =
            "execve,clone,clone3,fork,vfork,umask,read,write,pread64,pwrite64,readv,writev,openat,mkdir,chmod,fchmod,fchmodat,chown,"
                    + "lchown,fchown,fchownat,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir";

    private SshdFiles() {}

    static void write(Path directory, SshdConfig config, int port) throws IOException {
        Shell.run("chmod", "0755", directory.toString());
        writeHostKeys(directory, config);
        keygen(directory.resolve("id"), "ed25519");
        String authorized = Files.readString(directory.resolve("id.pub"));
        Files.createDirectory(directory.resolve("authorized"));
        Files.createDirectory(directory.resolve("home"));
        Files.writeString(directory.resolve("authorized/root"), authorized);
        StringBuilder passwd = new StringBuilder("root:x:0:0:root:/root:" + config.rootShell + "\n"
                + "sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\nnobody:x:65534:65534::/:/usr/sbin/nologin\n");
        StringBuilder group = new StringBuilder("root:x:0:\nnogroup:x:65534:\n");
        StringBuilder shadow = new StringBuilder("root:*:19000:0:99999:7:::\n");
        for (String line : config.passwd) {
            String[] fields = line.split(":");
            passwd.append(line).append('\n');
            group.append(fields[0] + ":x:" + fields[3] + ":\n");
            shadow.append(fields[0] + ":*:19000:0:99999:7:::\n");
            Path home = Files.createDirectory(directory.resolve("home").resolve(fields[0]));
            Shell.run("chown", fields[2] + ":" + fields[3], home.toString());
            Files.writeString(directory.resolve("authorized").resolve(fields[0]), authorized);
        }
        Files.writeString(directory.resolve("passwd"), passwd);
        Files.writeString(directory.resolve("group"), group);
        Files.writeString(directory.resolve("shadow"), shadow);
        Files.writeString(
                directory.resolve("sudoers"),
                "Defaults env_reset\nroot ALL=(ALL) ALL\n" + String.join("\n", config.sudoers) + "\n");
        Shell.run("chmod", "0440", directory.resolve("sudoers").toString());
        Files.writeString(directory.resolve("sshd_config"), sshdConfig(directory, config, port));
        Files.writeString(directory.resolve("start"), startScript(directory, config));
    }

    /** New ones, in the place of those that are there. */
    static void writeHostKeys(Path directory, SshdConfig config) throws IOException {
        for (String type : config.hostKeys.split(" ")) {
            Path file = directory.resolve("host_" + type);
            Files.deleteIfExists(file);
            keygen(file, type);
        }
    }

    private static String sshdConfig(Path directory, SshdConfig config, int port) {
        StringBuilder text = new StringBuilder();
        config.lines.forEach(line -> text.append(line).append('\n'));
        for (String type : config.hostKeys.split(" ")) {
            text.append("HostKey " + directory.resolve("host_" + type) + "\n");
        }
        if (config.sftp) {
            text.append("Subsystem sftp /usr/lib/openssh/sftp-server\n");
        }
        return text + "Port " + port + "\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nStrictModes no\nUseDNS no\n"
                + "PermitRootLogin prohibit-password\nPasswordAuthentication no\nPrintMotd no\n"
                // Of this one the last counts.
                + (config.lines.stream().anyMatch(line -> line.startsWith("MaxStartups")) ? "" : "MaxStartups 100\n")
                + "AuthorizedKeysFile " + directory + "/authorized/%u\nLogLevel VERBOSE\n";
    }

    private static String startScript(Path directory, SshdConfig config) {
        String sshd = "/usr/sbin/sshd -D -e -f $W/sshd_config";
        return "set -e\nW=" + directory + "\n"
                + "for f in passwd shadow group sudoers; do mount --bind $W/$f /etc/$f; done\n"
                + "mount --bind $W/home /home\n"
                + "mount -t tmpfs -o mode=0755 tmpfs /run\nmkdir -m 0755 /run/sshd\n"
                + "mount -t tmpfs -o mode=0755 tmpfs /var/log\n"
                // What root's shell does on start here is nobody's business.
                + "mount -t tmpfs -o mode=0700 tmpfs /root\n"
                + "mount -t tmpfs -o mode=0755 tmpfs /etc/sudoers.d\n"
                + (config.sftp ? "" : "mount -t tmpfs -o mode=0755 tmpfs /usr/lib/openssh\n")
                + String.join("\n", config.mounts) + "\n"
                + (config.traced
                        ? "exec strace -f -y -v -qq -s 4096 -o $W/trace -e trace=" + TRACED + " " + sshd
                        : "exec " + sshd)
                + "\n";
    }

    private static void keygen(Path file, String type) {
        Shell.run("ssh-keygen", "-q", "-t", type, "-N", "", "-C", "test", "-f", file.toString());
    }
}
