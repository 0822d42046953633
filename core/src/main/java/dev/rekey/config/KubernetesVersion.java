package dev.rekey.config;

import dev.rekey.InvalidInputException;
import java.io.Serializable;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Kubernetes.
 *
 * @param suffix what stands after the patch, such as {@code -rc.1} or {@code +k3s1}; empty for a release
 */
public record KubernetesVersion(int major, int minor, int patch, String suffix)
        implements Comparable<KubernetesVersion>, Serializable {
    private static final Pattern FORM =
            Pattern.compile("v?([0-9]{1,4})\\.([0-9]{1,4})(?:\\.([0-9]{1,6}))?([-+][0-9A-Za-z.+_-]{1,100})?");
    private static final Pattern PRE_RELEASE = Pattern.compile("-(alpha|beta|rc)\\b.*");
    private static final Comparator<KubernetesVersion> ORDER = Comparator.comparingInt(KubernetesVersion::major)
            .thenComparingInt(KubernetesVersion::minor)
            .thenComparingInt(KubernetesVersion::patch)
            .thenComparing(version -> !version.isPreRelease())
            .thenComparing(KubernetesVersion::suffix);

    /** Reads {@code v1.36.3}, {@code 1.18.6}, {@code 1.36}, {@code v1.34.0-rc.1+k3s1}, {@code v1.29.3-eks-adc7111}. */
    public static KubernetesVersion parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidInputException(
                    "'" + Names.shown(text) + "' is not a Kubernetes version; it should look like v1.36.3");
        }
        String patch = matcher.group(3);
        String suffix = matcher.group(4);
        return new KubernetesVersion(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                patch == null ? 0 : Integer.parseInt(patch),
                suffix == null ? "" : suffix);
    }

    /** Whether this is of that minor version or a later one; a pre-release counts as its minor. */
    public boolean isAtLeast(int wantedMajor, int wantedMinor) {
        return major != wantedMajor ? major > wantedMajor : minor >= wantedMinor;
    }

    /** Whether this is an alpha, beta or release candidate; a vendor's {@code -eks-…} is not. */
    public boolean isPreRelease() {
        return PRE_RELEASE.matcher(suffix).matches();
    }

    @Override
    public int compareTo(KubernetesVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "v" + major + "." + minor + "." + patch + suffix;
    }
}
