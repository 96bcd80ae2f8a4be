package io.ringcast.transport.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.ringcast.config.DoorsConfig;
import io.ringcast.config.TlsChoice;
import io.ringcast.config.TlsConfig;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.transport.LoggedLines;
import io.ringcast.transport.TestCertificates;
import io.ringcast.transport.loop.BareNetwork;
import io.ringcast.transport.loop.NetworkRelay;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A certificate that changes under loops of which one fails. */
class TlsDoorTest
{
    private final FailingLoop failing = new FailingLoop();
    private final List<EventLoop> loops = List.of(new DefaultEventLoop(), failing, new DefaultEventLoop());
    private final NetworkRelay network = BareNetwork.on(loops.toArray(EventLoop[]::new));
    @RegisterExtension
    final LoggedLines log = new LoggedLines(TlsDoor.class);
    @TempDir
    private Path directory;
    private TlsDoor door;

    @BeforeEach
    void start() throws IOException
    {
        write(TestCertificates.LOCAL);
        door = new TlsDoor(
            DoorsConfig.builder().fileCheckMs(10)
                .tls(TlsConfig.builder().certificate(directory.resolve("chain")).key(directory.resolve("key"))
                    .provider(TlsChoice.JDK).build()).build(),
            loops, network.loops()[0], 1_000);
    }

    @AfterEach
    void stop()
    {
        loops.forEach(loop -> loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS).awaitUninterruptibly());
        door.close();
        network.closePipeline();
    }

    @Test
    void shouldNotSayThatItStaysAndTryAgainGivenALoopThatFails() throws Exception
    {
        failing.isFailing = true;
        write(TestCertificates.ELSEWHERE);
        look(RelayCounter.TLS_RELOADS_FAILED);

        assertEquals(1, network.loops()[0].counters().get(RelayCounter.EGRESS_FAILURES));
        assertTrue(log.texts().stream().noneMatch(line -> line.contains("stays what it was")));

        failing.isFailing = false;
        look(RelayCounter.TLS_RELOADS);

        assertTrue(log.texts().get(log.texts().size() - 1).contains("use the changed files"));
    }

    /** Looks once, and waits until that is counted. */
    private void look(final RelayCounter outcome) throws Exception
    {
        final long before = network.loops()[0].counters().get(outcome);
        loops.get(0).submit(() -> door.onTime(System.nanoTime() + TimeUnit.SECONDS.toNanos(60))).get();
        while (network.loops()[0].counters().get(outcome) == before)
        {
            Thread.onSpinWait();
        }
    }

    private void write(final String name) throws IOException
    {
        Files.writeString(directory.resolve("chain"), TestCertificates.get().chainPem(name));
        Files.writeString(directory.resolve("key"), TestCertificates.get().keyPem(name));
    }

    /** Takes no task while it fails, other than those of the test. */
    private static final class FailingLoop extends DefaultEventLoop
    {
        private volatile boolean isFailing;

        @Override
        public void execute(final Runnable task)
        {
            if (isFailing && !(task instanceof Future))
            {
                throw new IllegalStateException("a bug");
            }
            super.execute(task);
        }
    }
}
