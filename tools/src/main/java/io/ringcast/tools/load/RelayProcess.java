package io.ringcast.tools.load;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A relay in a JVM of its own, so that what is measured shares no heap and no compiler with the load. Any thread. */
public final class RelayProcess implements AutoCloseable
{
    private static final Pattern URL = Pattern.compile("^(wss?://\\S+) relays ");
    private static final long START_SECONDS = 60;

    private final ChildProcess process;
    private final URI url;

    private RelayProcess(final ChildProcess process, final URI url)
    {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts a relay on a port of the system's choice.
     *
     * @param prefix   words before the command, such as {@code taskset -c 0}.
     * @param upstream the node to relay.
     * @param flags    further flags of {@code ringcast serve}.
     * @return the relay, listening.
     * @throws IOException          if it does not come up.
     * @throws InterruptedException if the thread is interrupted.
     */
    public static RelayProcess start(final List<String> prefix, final URI upstream, final List<String> flags)
        throws IOException, InterruptedException
    {
        final List<String> arguments = new ArrayList<>(
            List.of("serve", "--upstream", upstream.toString(), "--listen", "127.0.0.1:0"));
        arguments.addAll(flags);
        final List<String> command = new ArrayList<>(prefix);
        command.addAll(ChildProcess.ringcast(arguments));
        final ChildProcess process = ChildProcess.start(Path.of("").toAbsolutePath(), Map.of(), command);
        try
        {
            return new RelayProcess(process, URI.create(process.awaitLine(URL, START_SECONDS).group(1)));
        }
        catch (final IOException | InterruptedException ex)
        {
            process.close();
            throw ex;
        }
    }

    /**
     * Tells where it listens.
     *
     * @return the WebSocket URL.
     */
    public URI url()
    {
        return url;
    }

    /**
     * Tells its id.
     *
     * @return the process id.
     */
    public long pid()
    {
        return process.pid();
    }

    @Override
    public void close()
    {
        process.close();
    }
}
