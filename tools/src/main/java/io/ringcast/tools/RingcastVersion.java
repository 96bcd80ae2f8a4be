package io.ringcast.tools;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. Any thread. */
final class RingcastVersion implements IVersionProvider
{
    @Override
    public String[] getVersion()
    {
        final String version = RingcastVersion.class.getPackage().getImplementationVersion();
        return new String[]{"ringcast " + (version == null ? "development" : version) +
            ", Java " + Runtime.version().feature()};
    }
}
