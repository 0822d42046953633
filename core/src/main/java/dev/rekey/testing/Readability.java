package dev.rekey.testing;

import dev.rekey.config.KeyRef;
import dev.rekey.config.Reader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Compares what is stored with what the members can read. Walks the readers in use, and objects only where harm is found. */
final class Readability {
    private final World world;

    Readability(World world) {
        this.world = world;
    }

    List<Harm> now() {
        List<Harm> harms = new ArrayList<>();
        for (FakeMember member : world.members.values()) {
            ApiServer process = member.kubelet().process();
            if (process != null) {
                compare(member, process.loaded(), "what it has loaded", harms);
            }
        }
        return harms;
    }

    List<Harm> afterRestart() {
        List<Harm> harms = new ArrayList<>();
        for (FakeMember member : world.members.values()) {
            Optional<StaticPod> pod = member.kubelet().described();
            Optional<LoadedConfiguration> read = pod.flatMap(member::describedBy);
            if (pod.isEmpty()) {
                harms.add(new Harm(member.name(), "", "the manifest directory describes no apiserver"));
            } else if (read.isEmpty()) {
                String flag = pod.get().configuration();
                harms.add(
                        new Harm(member.name(), "", "would not start: " + flag + " is absent, not mounted or invalid"));
            } else {
                compare(member, read.get(), "the files on it", harms);
            }
        }
        return harms;
    }

    List<KeyRef> notArchived() {
        Set<Reader> archived = new HashSet<>(world.archived);
        TreeSet<KeyRef> missing = new TreeSet<>();
        for (Map<Reader, Integer> readers : world.etcd.counts().values()) {
            for (Reader reader : readers.keySet()) {
                if (reader instanceof Reader.OfKey && !archived.contains(reader)) {
                    missing.add(reader.ref());
                }
            }
        }
        return List.copyOf(missing);
    }

    private void compare(FakeMember member, LoadedConfiguration configuration, String source, List<Harm> harms) {
        world.etcd.counts().forEach((resource, readers) -> {
            for (Reader reader : readers.keySet()) {
                if (!configuration.reads(resource, reader)) {
                    name(member, configuration, resource, reader, source, harms);
                }
            }
        });
    }

    private void name(
            FakeMember member,
            LoadedConfiguration configuration,
            String resource,
            Reader reader,
            String source,
            List<Harm> harms) {
        List<KeyRef> known =
                configuration.readers(resource).stream().map(Reader::ref).toList();
        for (FakeObject object : world.etcd.list(resource)) {
            FakeEtcd.Value value = world.etcd.value(object);
            if (value != null && value.reader().equals(reader)) {
                String reason = "stored under " + reader.ref() + ", but by " + source + " the readers are " + known
                        + (known.contains(reader.ref()) ? " (that name with other key material)" : "");
                harms.add(new Harm(member.name(), object.toString(), reason));
            }
        }
    }
}
