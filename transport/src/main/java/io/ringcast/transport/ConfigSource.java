package io.ringcast.transport;

import io.ringcast.config.RelayConfig;

/** Where a relay's configuration comes from, to be read again while it runs. Any thread. */
@FunctionalInterface
public interface ConfigSource
{
    /**
     * Reads it. It may wait for the disk.
     *
     * @return the configuration as it is now.
     * @throws io.ringcast.config.ConfigException if it can't be read or used.
     */
    RelayConfig read();
}
