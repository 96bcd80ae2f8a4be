package io.ringcast.pipeline;

import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.journal.JournalFormatException;
import io.ringcast.journal.RunStart;
import io.ringcast.metrics.CounterSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** An image brings a new pipeline to where another stands, or is refused; nothing in between. */
class PipelineImageTest
{
    private static final String HEADS =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";
    private static final String SYNCING =
        "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"syncing\"]}";

    private final FakeRelay relay = FakeRelay.recorded(RelayConfig.builder(), NetworkConfig.builder());

    @Test
    void shouldGoOnWithPositionConnectionsAndSerials()
    {
        final FakeOutlet gone = relay.connect();
        final FakeOutlet client = relay.connect();
        relay.nodeUp();
        relay.says(gone, SYNCING);
        relay.says(client, HEADS);
        relay.closes(gone);
        relay.run();
        final byte[] image = imageOf(relay);

        load(image, restore ->
        {
            assertEquals(relay.recording().slots(), restore.nextSlot());
            assertEquals(2, restore.lastSerial(0));
            final int[] ended = new int[1];
            restore.disconnectAll(relay.nowNs, () -> ended[0]++);
            assertEquals(2, ended[0], "one upstream and one client");
        });
        relay.close();
    }

    @Test
    void shouldWriteAnImageBeforeTheFirstSlot()
    {
        final byte[] image = imageOf(relay);

        load(image, restore -> assertEquals(0, restore.nextSlot()));
        relay.close();
    }

    @Test
    void shouldRefuseToLoadBehindTheFirstSlot()
    {
        relay.nodeUp();
        relay.run();
        final byte[] image = imageOf(relay);

        load(image, restore -> assertThrows(IllegalStateException.class, () -> ImageLaw.load(restore, image)));
        relay.close();
    }

    @Test
    void shouldRefuseAnImageOfOtherSettings()
    {
        relay.nodeUp();
        relay.run();
        final byte[] image = imageOf(relay);
        final FakeRelay twoUpstreams = FakeRelay.recorded(RelayConfig.builder(),
            NetworkConfig.builder().upstream("ws://127.0.0.1:8546").upstream("ws://127.0.0.1:8547"));

        try (RelayPipeline pipeline = ImageLaw.pipeline(twoUpstreams.recording().start()))
        {
            final PipelineRestore restore = pipeline.restore();
            assertThrows(JournalFormatException.class, () -> ImageLaw.load(restore, image));
        }
        relay.close();
        twoUpstreams.close();
    }

    /** Whatever byte it is: nobody goes on with half a state. */
    @Test
    void shouldRefuseWhateverIsDamaged()
    {
        relay.nodeUp();
        final FakeOutlet client = relay.connect();
        relay.says(client, HEADS);
        relay.run();
        final byte[] image = imageOf(relay);
        final Random random = new Random(7);

        for (int i = 0; i < 16; i++)
        {
            final int at = i < 4 ? i : i < 8 ? image.length - 1 - (i - 4) : random.nextInt(image.length);
            final byte[] flipped = image.clone();
            flipped[at] ^= (byte)(1 << random.nextInt(Byte.SIZE));
            final byte[] longer = Arrays.copyOf(image, image.length + 1 + at % 10);
            refuse(flipped);
            refuse(Arrays.copyOf(image, at));
            if (i < 2)
            {
                // What stands behind its end is not looked at.
                load(longer, restore -> assertEquals(relay.recording().slots(), restore.nextSlot()));
            }
        }
        relay.close();
    }

    @Test
    void shouldPassOnThatItCannotBeWritten()
    {
        final OutputStream full = new OutputStream()
        {
            @Override
            public void write(final int value) throws IOException
            {
                throw new IOException("no space");
            }
        };
        try (RelayPipeline pipeline = ImageLaw.pipeline(relay.recording().start()))
        {
            final PipelineRestore restore = pipeline.restore();

            assertThrows(IOException.class, () -> restore.writeImage(full));
            assertTrue(ImageLaw.image(restore).length > 0);
        }
        relay.close();
    }

    /** How the stages run and who writes what they say is no part of their state. */
    @ParameterizedTest
    @EnumSource(ThreadingMode.class)
    void shouldLoadWhatOtherThreadsWillRun(final ThreadingMode mode)
    {
        relay.nodeUp();
        relay.says(relay.connect(), HEADS);
        relay.run();
        final byte[] image = imageOf(relay);
        final RunStart start = relay.recording().start();
        final PipelineParts parts = new PipelineParts(
            start.config(), start.config().networks().get(0), mode, new CounterSet[]{new CounterSet()},
            new FakeAllocator(), error -> { }, start.seedBytes());

        try (RelayPipeline pipeline = parts.journal(relay.recording()).build())
        {
            final PipelineRestore restore = pipeline.restore();
            ImageLaw.load(restore, image);
            assertArrayEquals(image, ImageLaw.image(restore));
        }
        relay.close();
    }

    private void refuse(final byte[] image)
    {
        try (RelayPipeline pipeline = ImageLaw.pipeline(relay.recording().start()))
        {
            final PipelineRestore restore = pipeline.restore();
            assertThrows(JournalFormatException.class, () -> ImageLaw.load(restore, image));
        }
    }

    private void load(final byte[] image, final Consumer<PipelineRestore> check)
    {
        try (RelayPipeline pipeline = ImageLaw.pipeline(relay.recording().start()))
        {
            final PipelineRestore restore = pipeline.restore();
            ImageLaw.load(restore, image);
            assertArrayEquals(imageOf(relay), ImageLaw.image(restore));
            check.accept(restore);
        }
    }

    private static byte[] imageOf(final FakeRelay relay)
    {
        return relay.recording().image(relay.recording().slots());
    }
}
