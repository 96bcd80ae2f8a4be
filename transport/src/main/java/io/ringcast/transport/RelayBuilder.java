package io.ringcast.transport;

import io.ringcast.config.RelayConfig;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Collects what a relay needs and starts it.
 * Confined to one thread.
 */
public final class RelayBuilder
{
    private final RelayConfig.Builder config = RelayConfig.builder();
    private Consumer<Error> onFatalError = error -> { };
    private LogLevels logLevels;
    private ConfigSource source;

    RelayBuilder()
    {
    }

    /**
     * Adds an upstream to the only network.
     *
     * @param url where the node's WebSocket is, {@code ws://host:port/path}.
     * @return this.
     */
    public RelayBuilder upstream(final String url)
    {
        config.upstream(url);
        return this;
    }

    /**
     * Sets where clients connect; 127.0.0.1:9545 if not set.
     *
     * @param host the address to bind.
     * @param port the port, or 0 to let the system choose one.
     * @return this.
     */
    public RelayBuilder listen(final String host, final int port)
    {
        config.listen(host, port);
        return this;
    }

    /**
     * Sets anything else.
     *
     * @param change is given the configuration's own builder.
     * @return this.
     */
    public RelayBuilder configure(final Consumer<RelayConfig.Builder> change)
    {
        change.accept(config);
        return this;
    }

    /**
     * Sets who is told of errors that no process should survive.
     *
     * @param consumer told on the thread that failed.
     * @return this.
     */
    public RelayBuilder onFatalError(final Consumer<Error> consumer)
    {
        onFatalError = consumer;
        return this;
    }

    /**
     * Lets the admin port change how much is logged.
     *
     * @param levels changes log levels.
     * @return this.
     */
    public RelayBuilder logLevels(final LogLevels levels)
    {
        logLevels = levels;
        return this;
    }

    /**
     * Lets the admin port have the configuration read again.
     *
     * @param from where it is read from.
     * @return this.
     */
    public RelayBuilder configSource(final ConfigSource from)
    {
        source = from;
        return this;
    }

    /**
     * Starts the relay.
     *
     * @return the running relay.
     * @throws IOException                        if it can't listen.
     * @throws io.ringcast.config.ConfigException if a setting has a value that is not allowed.
     */
    public Relay start() throws IOException
    {
        return Relay.start(config.build(), onFatalError, logLevels, source);
    }
}
