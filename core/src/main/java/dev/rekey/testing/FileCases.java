package dev.rekey.testing;

import static dev.rekey.testing.Room.content;
import static dev.rekey.testing.Room.equal;
import static dev.rekey.testing.Room.that;

import dev.rekey.NodeException;
import dev.rekey.manifest.NodePath;
import dev.rekey.spi.FileStatus;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Content, names, modes and owners of single files. */
final class FileCases {
    /** What a shell, a glob, SFTP's old client or an option parser would take apart. */
    private static final List<String> AWKWARD_NAMES = List.of(
            "with blank",
            " blank at both ends ",
            "it's",
            "say \"so\"",
            "$(touch made-by-a-shell)",
            "`touch made-by-a-shell`",
            "$HOME",
            "a;b",
            "a&b|c>d<e",
            "star*",
            "question?",
            "[ab]",
            "{a,b}",
            "back\\slash",
            "-rf",
            "--",
            "~",
            "#hash",
            "100%s",
            "!bang",
            ".hidden",
            "...",
            "n".repeat(255));

    private FileCases() {}

    static void addTo(Cases cases) {
        cases.add("nothing there => nothing is read, seen or listed, and deleting it succeeds", room -> {
            that(room.transport().read(room.path("f")).isEmpty(), "reading nothing should give nothing");
            room.absent(room.path("f"));
            equal(List.of(), room.transport().list(room.directory()), "names in no directory");
            room.transport().delete(room.path("f"), List.of());
        });
        cases.add("an empty file => is read as no bytes, which is not nothing", room -> {
            room.write(room.path("f"), new byte[0]);
            room.holds(room.path("f"), new byte[0]);
            equal(0L, room.status(room.path("f")).size(), "size");
        });
        cases.add("every byte, NUL and both line ends among them => comes back as written", room -> {
            byte[] bytes = new byte[1024];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i < 512 ? i : bytes.length - i);
            }
            room.write(room.path("f"), bytes);
            room.holds(room.path("f"), bytes);
        });
        cases.add("text without a last line end => gets none", room -> {
            room.write(room.path("f"), new byte[] {'a', '\n', 'b'});
            room.holds(room.path("f"), new byte[] {'a', '\n', 'b'});
        });
        cases.add("10 MiB => comes back as written", room -> {
            byte[] bytes = new byte[10 << 20];
            new Random(1).nextBytes(bytes);
            room.write(room.path("f"), bytes);
            room.holds(room.path("f"), bytes);
        });
        cases.add("a longer file => is replaced whole, and nothing else is left", room -> {
            room.write(room.path("f"), content("a much longer line than the next one"));
            room.write(room.path("f"), content("short"));
            room.holds(room.path("f"), content("short"));
            room.lists("f");
        });
        cases.add("names that a shell or a pattern would take apart => are plain names", FileCases::awkwardNames);
        cases.add(
                "a name beyond ASCII => is kept, or refused whole where the host's locale has no such letters",
                room -> {
                    String name = "schlüssel-鍵-🔑";
                    try {
                        room.write(room.path(name), content("unicode"));
                    } catch (NodeException e) {
                        return;
                    }
                    room.holds(room.path(name), content("unicode"));
                    room.lists(name);
                });
        cases.add("a pattern that fits other files => deletes only the file of that name", room -> {
            room.write(room.path("b1"), content("1"));
            room.write(room.path("b*"), content("star"));
            room.transport().delete(room.path("b*"), List.of());
            room.lists("b1");
        });
        cases.add("any mode => is set exactly, whatever the umask", room -> {
            for (int mode : new int[] {0400, 0600, 0640, 0644, 0666, 0700}) {
                NodePath path = room.path(Integer.toOctalString(mode));
                room.transport().writeAtomically(path, content("m"), room.attributes(mode), List.of());
                equal(
                        Integer.toOctalString(mode),
                        Integer.toOctalString(room.status(path).mode()),
                        "mode");
                room.holds(path, content("m"));
            }
        });
        cases.add("a file with a wider mode => has the narrow one after the write", room -> {
            NodePath path = room.path("f");
            room.transport().writeAtomically(path, content("wide"), room.attributes(0644), List.of());
            room.write(path, content("narrow"));
            equal(0600, room.status(path).mode(), "mode");
        });
        cases.add("a file => is seen with type, owner, size and time", FileCases::seen);
    }

    private static void awkwardNames(Room room) {
        for (String name : AWKWARD_NAMES) {
            NodePath path = room.path(name);
            room.write(path, content(name));
            room.write(path, content(name + " again"));
            room.holds(path, content(name + " again"));
            equal(FileStatus.Type.FILE, room.status(path).type(), "type of " + path);
        }
        room.lists(AWKWARD_NAMES.stream().sorted().toArray(String[]::new));
        for (String name : AWKWARD_NAMES) {
            room.transport().delete(room.path(name), List.of());
        }
        room.lists();
    }

    private static void seen(Room room) {
        NodePath path = room.path("f");
        room.write(path, content("first"));
        FileStatus status = room.status(path);
        equal(FileStatus.Type.FILE, status.type(), "type");
        equal(room.attributes(0).uid(), status.uid(), "uid");
        equal(room.attributes(0).gid(), status.gid(), "gid");
        equal((long) content("first").length, status.size(), "size");
        that(status.modified().isAfter(Instant.EPOCH), "the time should be the member's");
        room.write(path, content("second"));
        that(!room.status(path).modified().isBefore(status.modified()), "the time should not go back");
    }
}
