package dev.rekey.manifest;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an apiserver has been told about encryption, and where on its host that leads. */
public final class Encryption {
    private final String configurationPath;
    private final @Nullable NodePath hostPath;
    private final boolean mountedAsFile;
    private final boolean automaticReload;

    Encryption(String configurationPath, @Nullable NodePath hostPath, boolean mountedAsFile, boolean automaticReload) {
        this.configurationPath = configurationPath;
        this.hostPath = hostPath;
        this.mountedAsFile = mountedAsFile;
        this.automaticReload = automaticReload;
    }

    /** The value of the flag as the apiserver gets it: a path in the container, not necessarily normalised or absolute. */
    public String configurationPath() {
        return configurationPath;
    }

    /** The file on the host that the path leads to; empty where no hostPath volume covers it, so that it is in the image. */
    public Optional<NodePath> hostPath() {
        return Optional.ofNullable(hostPath);
    }

    /** Whether the file itself is mounted: then its replacement is not seen before a restart, whatever the reload flag says. */
    public boolean mountedAsFile() {
        return mountedAsFile;
    }

    /** Whether {@code --encryption-provider-config-automatic-reload} is on. */
    public boolean automaticReload() {
        return automaticReload;
    }

    @Override
    public String toString() {
        return "Encryption[configurationPath=" + configurationPath + ", hostPath=" + hostPath + ", mountedAsFile="
                + mountedAsFile + ", automaticReload=" + automaticReload + "]";
    }
}
