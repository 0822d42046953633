package dev.rekey.config;

import java.util.List;
import java.util.Optional;

/** What the server's decoder is given: JSON values, with the place where each one stands. */
sealed interface Tree {
    Position at();

    /** In words, for messages: "a list", "a number". */
    String kind();

    /** Counted from 1, columns in characters. */
    record Position(int line, int column) {
        static final Position UNKNOWN = new Position(0, 0);
    }

    record Obj(List<Member> members, Position at) implements Tree {
        @Override
        public String kind() {
            return "a map";
        }

        /** The first member of that name; a second one has been reported where it stands. */
        Optional<Tree> value(String name) {
            return members.stream()
                    .filter(member -> member.name().equals(name))
                    .map(Member::value)
                    .findFirst();
        }
    }

    record Member(String name, Position nameAt, Tree value) {}

    record Arr(List<Tree> items, Position at) implements Tree {
        @Override
        public String kind() {
            return "a list";
        }
    }

    /** {@code folded} lines are joined with blanks, which base64 does not take. */
    record Str(String text, boolean folded, Position at) implements Tree {
        @Override
        public String kind() {
            return "a text";
        }

        @Override
        public String toString() {
            return "Str[" + text.length() + " chars, at=" + at + "]";
        }
    }

    /** A whole number that fits, or any other number with {@code whole} false. */
    record Num(long value, boolean whole, Position at) implements Tree {
        @Override
        public String kind() {
            return "a number";
        }
    }

    record Bool(Position at) implements Tree {
        @Override
        public String kind() {
            return "a boolean";
        }
    }

    record Null(Position at) implements Tree {
        @Override
        public String kind() {
            return "nothing";
        }
    }
}
