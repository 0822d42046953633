package dev.rekey.lifecycle;

import dev.rekey.InvalidInputException;
import dev.rekey.config.KeySource;
import dev.rekey.manifest.NodeLayout;
import dev.rekey.spi.ClusterAccess;
import dev.rekey.spi.KeyArchive;
import dev.rekey.spi.NodeTransport;
import dev.rekey.spi.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The door: changes encryption at rest on the members of one control plane, and proves it.
 *
 * <p>State lives on the members and nowhere else: after any stop the same call observes again, plans again and goes on. One run at a
 * time changes a cluster, whatever the number of processes and hosts that try. An object of this class is immutable and may be used
 * by several threads; it closes none of the plugs that it was given.
 */
public final class EncryptionLifecycle {
    private final Parts parts;

    private EncryptionLifecycle(Parts parts) {
        this.parts = parts;
    }

    /** Everything that a run works with. */
    record Parts(
            NodeLayout layout,
            List<Node> nodes,
            ClusterAccess cluster,
            KeyArchive archive,
            KeySource keys,
            Pace pace,
            Timing timing) {}

    /**
     * A lifecycle with all that must be given: every member of the control plane by name, the API, and where keys are kept ({@code
     * KeyArchive.none} with a reason where nowhere). Refuses an empty map of members.
     */
    public static Builder on(
            Map<? extends CharSequence, ? extends NodeTransport> members, ClusterAccess cluster, KeyArchive archive) {
        return new Builder(members, cluster, archive);
    }

    /** What is there, and how well it is proved. Reads only. */
    public ClusterStatus status() {
        return ClusterStatus.of(observer().observe(() -> {}));
    }

    /** What {@code change} would do now. Reads only; a {@link dev.rekey.RefusedException} where it would be refused. */
    public Plan plan(Change change) {
        return new Planner(parts.timing().settle()).plan(change, observer().observe(() -> {}));
    }

    /** Plans and carries out. Returns once everything is proved; throws a {@link dev.rekey.RekeyException} else. */
    public Report apply(Change change, RunContext context) {
        return new Run(change, null, parts, observer(), context).execute();
    }

    /** {@link #apply(Change, RunContext)} until it is done. */
    public Report apply(Change change) {
        return apply(change, RunContext.UNTIL_DONE);
    }

    /** Carries out exactly {@code plan}; a {@link dev.rekey.PlanOutdatedException} where what is observed no longer gives it. */
    public Report execute(Plan plan, RunContext context) {
        return new Run(plan.change(), plan, parts, observer(), context).execute();
    }

    private Observer observer() {
        return new Observer(parts.layout(), parts.nodes(), parts.cluster(), parts.pace(), parts.timing());
    }

    /** What may be given. */
    public static final class Builder {
        private final Map<String, NodeTransport> members = new TreeMap<>();
        private final Map<String, NodeLayout> layouts = new TreeMap<>();
        private final ClusterAccess cluster;
        private final KeyArchive archive;
        private NodeLayout layout = NodeLayout.DEFAULT;
        private KeySource keys = KeySource.secureRandom();
        private Pace pace = Pace.SYSTEM;
        private Timing timing = Timing.DEFAULT;

        private Builder(
                Map<? extends CharSequence, ? extends NodeTransport> members,
                ClusterAccess cluster,
                KeyArchive archive) {
            members.forEach((name, transport) -> this.members.put(name.toString(), transport));
            this.cluster = Objects.requireNonNull(cluster);
            this.archive = Objects.requireNonNull(archive);
            if (this.members.isEmpty()) {
                throw new InvalidInputException("a control plane has at least one member; name all of them");
            }
        }

        /** Where things lie, {@link NodeLayout#DEFAULT} unless set. */
        public Builder layout(NodeLayout common) {
            layout = common;
            return this;
        }

        /** Where things lie on one member, if that differs. */
        public Builder layout(CharSequence member, NodeLayout own) {
            layouts.put(member.toString(), own);
            return this;
        }

        /** Where new keys come from; the platform's secure random unless set. */
        public Builder keys(KeySource source) {
            keys = source;
            return this;
        }

        /** Another clock, as tests have. */
        public Builder pace(Pace other) {
            pace = other;
            return this;
        }

        /** Other waits than a real cluster needs: for tests against servers that were made faster. */
        public Builder timing(Timing other) {
            timing = other;
            return this;
        }

        /** Refuses a layout for a member that is not there. */
        public EncryptionLifecycle build() {
            List<Node> nodes = new ArrayList<>();
            members.forEach(
                    (name, transport) -> nodes.add(new Node(name, layouts.getOrDefault(name, layout), transport)));
            layouts.keySet().stream()
                    .filter(name -> !members.containsKey(name))
                    .findFirst()
                    .ifPresent(name -> {
                        throw new InvalidInputException("a layout is given for " + name
                                + ", which is no member; the members are " + members.keySet());
                    });
            return new EncryptionLifecycle(
                    new Parts(layout, List.copyOf(nodes), cluster, archive, keys, Plugs.pace(pace), timing));
        }
    }
}
