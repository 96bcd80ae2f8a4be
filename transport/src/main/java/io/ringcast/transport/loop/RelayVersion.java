package io.ringcast.transport.loop;

/** The version that runs. Any thread. */
public final class RelayVersion
{
    private RelayVersion()
    {
    }

    /** As the jar's manifest has it; {@code development} where there is no jar. */
    public static String text()
    {
        final String version = RelayVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
