package dev.rekey.testing;

import static dev.rekey.testing.Room.content;
import static dev.rekey.testing.Room.equal;
import static dev.rekey.testing.Room.refused;
import static dev.rekey.testing.Room.that;

import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileStatus;
import dev.rekey.spi.NodeTransport;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Parents, lists, and deleting. */
final class DirectoryCases {
    private DirectoryCases() {}

    static void addTo(Cases cases) {
        cases.add("missing parents => are made with the owner and mode given", room -> {
            NodePath path = room.path("a/b/f");
            room.transport().writeAtomically(path, content("deep"), room.attributes(0600, 0750), List.of());
            room.holds(path, content("deep"));
            for (NodePath made : List.of(room.directory(), room.path("a"), room.path("a/b"))) {
                FileStatus status = room.status(made);
                equal(FileStatus.Type.DIRECTORY, status.type(), "type of " + made);
                equal("750", Integer.toOctalString(status.mode()), "mode of " + made);
                equal(room.attributes(0).uid(), status.uid(), "uid of " + made);
                equal(room.attributes(0).gid(), status.gid(), "gid of " + made);
            }
        });
        cases.add("parents that are there => keep their mode", room -> {
            room.transport().writeAtomically(room.path("f"), content("1"), room.attributes(0600, 0755), List.of());
            room.transport().writeAtomically(room.path("g"), content("2"), room.attributes(0600, 0700), List.of());
            equal("755", Integer.toOctalString(room.status(room.directory()).mode()), "mode");
        });
        cases.add("files, dotfiles and directories => are listed by name, sorted, without . and ..", room -> {
            for (String name : List.of("b", ".dot", "A", "a", "d/inner", ".rekey-leftover")) {
                room.write(room.path(name), content(name));
            }
            room.lists(".dot", ".rekey-leftover", "A", "a", "b", "d");
        });
        cases.add("120 files => are all listed", room -> {
            String[] names = new String[120];
            names[0] = "a-first-one";
            room.write(room.path(names[0]), new byte[0]);
            for (int i = 1; i < names.length; i++) {
                names[i] = "a-name-that-takes-some-room-in-an-answer-" + (1000 + i);
                room.member().makeFile(room.directory(), names[i].getBytes(StandardCharsets.US_ASCII));
            }
            room.lists(names);
        });
        cases.add("names that are no text or take two lines => are one entry each, and disturb nothing", room -> {
            room.write(room.path("f"), content("old"));
            for (String name : List.of(".rekey-\u00ff", "f\u00c3(", "two\nlines", "\u00ff")) {
                room.member().makeFile(room.directory(), name.getBytes(StandardCharsets.ISO_8859_1));
            }
            room.write(room.path("f"), content("new"));
            room.write(room.path("g"), content("other"));
            room.holds(room.path("f"), content("new"));
            List<String> names = room.transport().list(room.directory());
            equal(6, names.size(), "number of names");
            that(
                    names.containsAll(List.of("f", "g", "two\nlines")),
                    "names that are text should be listed as they are");
            equal(
                    List.of("f", "g"),
                    names.stream()
                            .filter(name -> room.directory().entry(name).isPresent())
                            .toList(),
                    "names that a path can lead to");
            refused("deleting what is not empty", () -> room.transport().delete(room.directory(), List.of()));
            room.transport().delete(room.path("f"), List.of());
            room.transport().delete(room.path("g"), List.of());
            equal(4, room.transport().list(room.directory()).size(), "number of names afterwards");
        });
        cases.add(
                "a name that is too long, below directories that are missing => is refused, and none is made", room -> {
                    room.write(room.path("f"), content("file"));
                    NodePath path = room.path("made/in/vain/" + "n".repeat(256));
                    refused("writing it", () -> room.write(path, content("never")));
                    room.lists("f");
                });
        cases.add("a file => cannot be listed, nor written below", room -> {
            room.write(room.path("f"), content("file"));
            refused("listing a file", () -> room.transport().list(room.path("f")));
            refused("writing below a file", () -> room.write(room.path("f/g"), content("below")));
            room.holds(room.path("f"), content("file"));
        });
        cases.add("a directory => can be neither read nor replaced", room -> {
            room.write(room.path("d/f"), content("inner"));
            refused("reading a directory", () -> room.transport().read(room.path("d")));
            refused("replacing a directory", () -> room.write(room.path("d"), content("over")));
            room.holds(room.path("d/f"), content("inner"));
            room.lists("d");
        });
        cases.add("a file => is deleted, and so is the directory once it is empty", room -> {
            room.write(room.path("d/f"), content("file"));
            refused("deleting what is not empty", () -> room.transport().delete(room.path("d"), List.of()));
            room.holds(room.path("d/f"), content("file"));
            room.transport().delete(room.path("d/f"), List.of());
            equal(List.of(), room.transport().list(room.path("d")), "names in an empty directory");
            room.transport().delete(room.path("d"), List.of());
            room.absent(room.path("d"));
        });
        cases.add("a directory that holds only a dotfile => is not empty", room -> {
            room.write(room.path("d/.f"), content("dot"));
            refused("deleting what is not empty", () -> room.transport().delete(room.path("d"), List.of()));
            room.holds(room.path("d/.f"), content("dot"));
        });
        cases.add("nothing there, or no directory => deleting succeeds, again too", room -> {
            room.transport().delete(room.path("no/such/file"), List.of());
            room.write(room.path("f"), content("file"));
            room.transport().delete(room.path("f"), List.of());
            room.transport().delete(room.path("f"), List.of());
            room.lists();
        });
        cases.add("a transport that is closed twice => is closed, and another one works", room -> {
            NodeTransport other = room.transports().get();
            other.list(room.directory());
            other.close();
            other.close();
            room.write(room.path("f"), content("still"));
            room.holds(room.path("f"), content("still"));
        });
    }
}
