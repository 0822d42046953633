package dev.rekey.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The static pods of a manifest directory, by the rules of kubelet's file source: an event reads the one file that it
 * names, the list that follows every 20 s reads them all and takes the place of what was known.
 */
final class ManifestDirectory {
    private final Path directory;
    private final Consumer<String> log;
    private final Map<String, StaticPod> pods = new LinkedHashMap<>();
    private final Map<Path, String> keyOfFile = new HashMap<>();

    ManifestDirectory(Path directory, Consumer<String> log) {
        this.directory = directory;
        this.log = log;
    }

    Collection<StaticPod> pods() {
        return List.copyOf(pods.values());
    }

    /** The list: of two files with one pod the last in order wins, and an invalid file is no pod at all. */
    void relist() throws IOException {
        List<StaticPod> found = new ArrayList<>();
        for (Path file : sortedFiles()) {
            if (Files.isRegularFile(file)) {
                try {
                    found.add(read(file));
                } catch (NoSuchFileException e) {
                    log.accept(file + " went away while the directory was read");
                } catch (InvalidPodException e) {
                    log.accept("Could not process manifest file " + file + ": " + e.getMessage());
                }
            }
        }
        pods.clear();
        found.forEach(pod -> pods.put(pod.key(), pod));
    }

    /** A file appeared or was written to; an invalid one leaves what was known from it before. */
    void changed(Path file) throws IOException {
        if (isIgnored(file)) {
            return;
        }
        try {
            StaticPod pod = read(file);
            pods.put(pod.key(), pod);
        } catch (NoSuchFileException e) {
            log.accept(file + " went away before it was read");
        } catch (InvalidPodException e) {
            log.accept("can't process config file " + file + ": " + e.getMessage());
        }
    }

    /** A file went away: so does the pod of its name, whichever file that was read from last. */
    void removed(Path file) {
        String key = isIgnored(file) ? null : keyOfFile.remove(file);
        if (key != null) {
            pods.remove(key);
        }
    }

    private StaticPod read(Path file) throws IOException, InvalidPodException {
        StaticPod pod = PodDecoder.decode(file, Files.readAllBytes(file));
        keyOfFile.put(file, pod.key());
        return pod;
    }

    private List<Path> sortedFiles() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !isIgnored(file)).sorted().toList();
        }
    }

    /** Dotfiles, and nothing else: a backup with any other name is a manifest. */
    private static boolean isIgnored(Path file) {
        return file.getFileName().toString().startsWith(".");
    }
}
