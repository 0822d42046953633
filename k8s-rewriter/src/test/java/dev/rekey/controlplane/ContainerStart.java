package dev.rekey.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a container runtime does before the first instruction, for a process that in truth shares the host's files: the
 * volumes must be there, and what the command line names must be mounted, else the real container would not see it.
 */
final class ContainerStart {
    private ContainerStart() {}

    /** Why the container cannot start, in words for the log; empty if it can. Makes {@code DirectoryOrCreate} folders. */
    static Optional<String> obstacle(StaticPod pod, StaticPod.Container container) {
        Set<Path> mounted = new HashSet<>();
        for (StaticPod.Mount mount : container.mounts()) {
            StaticPod.Volume volume = pod.volumes().stream()
                    .filter(candidate -> candidate.name().equals(mount.volume()))
                    .findFirst()
                    .orElseThrow();
            Path path = mount.mountPath().normalize();
            if (!volume.hostPath().normalize().equals(path)) {
                return Optional.of("this host has no mount namespaces: hostPath " + volume.hostPath()
                        + " must equal mountPath " + path);
            }
            if (!mounted.add(path)) {
                return Optional.of("duplicate mount point " + path);
            }
            Optional<String> missing = prepare(volume);
            if (missing.isPresent()) {
                return missing;
            }
        }
        for (Path named : pathsOn(container.command())) {
            if (mounted.stream().noneMatch(named.normalize()::startsWith)) {
                return Optional.of("open " + named + ": no such file or directory in the container, no mount holds it");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> prepare(StaticPod.Volume volume) {
        Path path = volume.hostPath();
        boolean fits = switch (volume.type()) {
            case "" -> true;
            case "Directory" -> Files.isDirectory(path);
            case "DirectoryOrCreate" -> Files.isDirectory(path) || made(path);
            case "File" -> Files.isRegularFile(path);
            case "FileOrCreate" -> Files.isRegularFile(path) || Files.notExists(path);
            case "Socket" -> Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
            default -> false;
        };
        return fits ? Optional.empty() : Optional.of("hostPath type check failed: " + path + " is no " + volume.type());
    }

    private static boolean made(Path directory) {
        try {
            Files.createDirectories(directory);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<Path> pathsOn(List<String> command) {
        List<Path> paths = new ArrayList<>();
        for (String argument : command.subList(1, command.size())) {
            String value = argument.startsWith("-") ? argument.substring(argument.indexOf('=') + 1) : argument;
            for (String part : value.split(",")) {
                if (part.startsWith("/")) {
                    paths.add(Path.of(part));
                }
            }
        }
        return paths;
    }
}
