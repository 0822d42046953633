package dev.rekey.testing;

import dev.rekey.spi.RewriteProgress;
import dev.rekey.spi.RewriteReport;
import dev.rekey.spi.RewriteReport.Counts;
import dev.rekey.spi.RewriteReport.Failure;
import dev.rekey.spi.SecretRewriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Object by object, each through another ready apiserver, so that one that was not proved does the harm that it would do in
 * life: it writes back to its old key, or reports as current what is not.
 */
final class FakeRewriter implements SecretRewriter {
    private static final long MILLIS = 5;
    private static final long LONGEST_OUTAGE_MILLIS = 60_000;

    private final World world;
    private final FakeOperator operator;

    FakeRewriter(World world, FakeOperator operator) {
        this.world = world;
        this.operator = operator;
    }

    @Override
    public RewriteReport rewrite(List<String> rules, RewriteProgress progress) {
        List<String> resources = operator.look(MILLIS, () -> resources(rules));
        Pass pass = new Pass();
        String stopped = "";
        for (String resource : resources) {
            progress.at(resource, pass.counts());
            for (FakeObject object : operator.look(MILLIS, () -> world.etcd.list(resource))) {
                Answer answer = operator.change("rewrite " + object, () -> patch(object, pass));
                if (answer.status() == 0) {
                    stopped = "no apiserver answered for 60 s";
                    break;
                }
                progress.at(resource, pass.counts());
            }
            if (!stopped.isEmpty()) {
                break;
            }
        }
        return new RewriteReport(resources, pass.counts(), pass.failures, stopped);
    }

    /** Holds nothing. */
    @Override
    public void close() {}

    private Answer patch(FakeObject object, Pass pass) {
        FakeEtcd.Value listed = world.etcd.value(object);
        world.time.advance(MILLIS);
        Optional<FakeMember> through = world.anyReady();
        for (long waited = 0; through.isEmpty() && waited < LONGEST_OUTAGE_MILLIS; waited += 1000) {
            world.time.advance(1000);
            through = world.anyReady();
        }
        Answer answer = through.map(member -> member.patchNothing(object)).orElse(new Answer(0, "no answer", 0));
        pass.add(object, listed == null ? 0 : listed.revision(), answer);
        return answer;
    }

    private List<String> resources(List<String> rules) {
        TreeSet<String> resources = new TreeSet<>();
        for (String rule : rules) {
            world.etcd.resources().stream()
                    .filter(resource -> fits(rule, resource))
                    .forEach(resources::add);
            if (!rule.startsWith("*")) {
                resources.add(rule.endsWith(".") ? rule.substring(0, rule.length() - 1) : rule);
            }
        }
        return List.copyOf(resources);
    }

    private static boolean fits(String rule, String resource) {
        return rule.equals("*.*") || rule.equals("*." + LoadedConfiguration.group(resource));
    }

    /** What came of the objects so far. */
    private static final class Pass {
        private final List<Failure> failures = new ArrayList<>();
        private long written;
        private long current;
        private long gone;

        Counts counts() {
            return new Counts(written, current, gone, failures.size());
        }

        void add(FakeObject object, long listedRevision, Answer answer) {
            if (answer.status() == 404) {
                gone++;
            } else if (!answer.ok()) {
                String reason = answer.status() == 0 ? answer.text() : answer.status() + " " + answer.text();
                failures.add(new Failure(object.resource(), object.namespace(), object.name(), reason));
            } else if (answer.revision() == listedRevision) {
                current++;
            } else {
                written++;
            }
        }
    }
}
