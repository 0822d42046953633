package dev.rekey.sshd;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What strace writes of several processes at once. */
final class Strace {
    private static final Pattern BEGUN = Pattern.compile("(?<pid>\\d+) +.*?(?<cut> *<unfinished \\.\\.\\.>)");
    private static final Pattern RESUMED = Pattern.compile("(?<pid>\\d+) +<\\.\\.\\. \\w+ resumed>(?<rest>.*)");

    private Strace() {}

    /** Calls that another process's came in between of, in one line again, where they began. */
    static String joined(String trace) {
        List<String> lines = new ArrayList<>();
        Map<String, Integer> begun = new HashMap<>();
        for (String line : trace.split("\n", -1)) {
            Matcher resumed = RESUMED.matcher(line);
            Matcher cut = BEGUN.matcher(line);
            if (resumed.matches() && begun.containsKey(resumed.group("pid"))) {
                int at = begun.remove(resumed.group("pid"));
                lines.set(at, lines.get(at) + resumed.group("rest"));
            } else if (cut.matches()) {
                begun.put(cut.group("pid"), lines.size());
                lines.add(line.substring(0, cut.start("cut")));
            } else {
                lines.add(line);
            }
        }
        return String.join("\n", lines);
    }
}
