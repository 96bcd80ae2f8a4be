package io.ringcast.pipeline;

import com.lmax.disruptor.EventHandler;
import io.ringcast.config.NetworkConfig;
import io.ringcast.config.RelayConfig;
import io.ringcast.config.StageSettingsYaml;
import io.ringcast.journal.EgressFields;
import io.ringcast.journal.JournalSink;
import io.ringcast.journal.RecordReader;
import io.ringcast.journal.RunStart;
import io.ringcast.journal.SlotRecord;
import io.ringcast.session.ActionList;
import io.ringcast.session.EgressAction;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A journal in memory, and all that the relay said while it was recorded: a replay must say the same, byte for byte.
 * Confined to the test's thread.
 */
final class Recording implements JournalSink
{
    static final long STARTED_AT_MS = 1_755_859_200_000L;
    static final byte[] SEED = {0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

    private static final int LONG_SLOTS = 100;

    final List<byte[]> records = new ArrayList<>();
    /** What went out for each slot, as text; written by the relay that is recorded. */
    private final List<String> said = new ArrayList<>();
    private final RunStart start;
    private int refusals;
    /** How many offers are taken before the next are refused. */
    private int takes = Integer.MAX_VALUE;
    boolean isBroken;
    /** Whether what was taken stays where a killed process loses it. */
    private boolean isUnwritten;
    private int written;

    Recording(final RelayConfig config, final NetworkConfig network)
    {
        start = new RunStart(
            "test", STARTED_AT_MS, 0, 1, HexFormat.of().formatHex(SEED),
            StageSettingsYaml.write(config, network), RunStart.NOTHING, 0);
    }

    RunStart start()
    {
        return start;
    }

    void attachTo(final PipelineParts parts)
    {
        parts.journal(this);
        parts.stageGuard = stage -> stage instanceof EncodeStage ? listeningTo(stage) : stage;
    }

    void begin(final RelayPipeline pipeline)
    {
        if (pipeline.journal().tryBegin(start) != Result.TAKEN)
        {
            throw new AssertionError("refused");
        }
    }

    /** Lets the next offers be refused, as a slow disk does. */
    void refuse(final int offers)
    {
        refusals = offers;
    }

    /** Lets this many offers be taken and then none, as a disk does that is too slow. */
    void takeOnly(final int offers)
    {
        takes = offers;
    }

    /** Lets what is taken from now on be written, or not yet. */
    void write(final boolean isToWrite)
    {
        isUnwritten = !isToWrite;
        written = isToWrite ? written : records.size();
    }

    @Override
    public long position()
    {
        return records.size();
    }

    @Override
    public long writtenPosition()
    {
        return isUnwritten ? written : records.size();
    }

    @Override
    public Result offer(final DirectBuffer buffer, final int offset, final int lengthBytes)
    {
        if (refusals > 0)
        {
            refusals--;
            return Result.BACK_PRESSURED;
        }
        if (takes == 0)
        {
            return Result.BACK_PRESSURED;
        }
        takes--;
        final byte[] record = new byte[lengthBytes];
        buffer.getBytes(offset, record);
        records.add(record);
        return Result.TAKEN;
    }

    @Override
    public int maxRecordBytes()
    {
        // Small, so that texts come in parts.
        return 2_048;
    }

    @Override
    public void onBroken()
    {
        isBroken = true;
    }

    /** Replays what was recorded and compares all that goes out. */
    void checkReplay()
    {
        final List<String> replayed = replay();
        for (int i = 0; i < said.size(); i++)
        {
            final String again = i < replayed.size() ? replayed.get(i) : "nothing";
            if (!said.get(i).equals(again))
            {
                throw new AssertionError(
                    "slot " + i + " went out as\n" + said.get(i) + "and in the replay as\n" + again);
            }
        }
        if (said.size() != replayed.size())
        {
            throw new AssertionError(said.size() + " slots were recorded and " + replayed.size() + " replayed");
        }
        checkImages();
    }

    /** Goes on behind images of the stages, in the same places of each run; of long runs, in one of eight. */
    private void checkImages()
    {
        final boolean isLong = said.size() > LONG_SLOTS;
        if (isLong && said.size() % 8 != 0)
        {
            return;
        }
        final Random random = new Random(said.size());
        final int first = random.nextInt(said.size() + 1);
        final int second = isLong ? first : random.nextInt(said.size() + 1);
        try (ImageLaw law = new ImageLaw(start))
        {
            forEach(slot ->
            {
                if (slot.sequence == first || slot.sequence == second)
                {
                    law.cut();
                }
                law.onSlot(slot);
            });
            law.end();
        }
    }

    /** How the stages stand before a slot. */
    byte[] image(final int slots)
    {
        try (RelayPipeline pipeline = ImageLaw.pipeline(start))
        {
            final PipelineRestore restore = pipeline.restore();
            forEach(slot ->
            {
                if (slot.sequence < slots)
                {
                    restore.onSlot(slot);
                }
            });
            return ImageLaw.image(restore);
        }
    }

    int slots()
    {
        return said.size();
    }

    /** Gives all slots that were recorded, in order. */
    void forEach(final Consumer<SlotRecord> taker)
    {
        final RecordReader reader = new RecordReader(new RecordReader.Listener()
        {
            @Override
            public void onRun(final RunStart runStart)
            {
                // Whoever goes on has the same settings.
            }

            @Override
            public void onSlot(final SlotRecord slot)
            {
                taker.accept(slot);
            }

            @Override
            public void onEnd(final long slots)
            {
                throw new AssertionError("no end was recorded");
            }
        });
        for (final byte[] record : records)
        {
            reader.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
    }

    private List<String> replay()
    {
        final List<String> replayed = new ArrayList<>();
        final ReplayPipeline[] pipeline = new ReplayPipeline[1];
        final RecordReader reader = new RecordReader(new RecordReader.Listener()
        {
            @Override
            public void onRun(final RunStart runStart)
            {
                pipeline[0] = new ReplayPipeline(runStart, (slot, actions, isAsRecorded) ->
                {
                    final String text = text(actions);
                    if (isAsRecorded != said.get(replayed.size()).equals(text))
                    {
                        throw new AssertionError("the check of slot " + slot.sequence + " does not tell the truth");
                    }
                    replayed.add(text);
                });
            }

            @Override
            public void onSlot(final SlotRecord slot)
            {
                pipeline[0].onSlot(slot);
            }

            @Override
            public void onEnd(final long slots)
            {
                throw new AssertionError("no end was recorded");
            }
        });
        for (final byte[] record : records)
        {
            reader.onRecord(new UnsafeBuffer(record), 0, record.length);
        }
        pipeline[0].close();
        return replayed;
    }

    private EventHandler<RelayEvent> listeningTo(final EventHandler<RelayEvent> encode)
    {
        return (event, sequence, endOfBatch) ->
        {
            encode.onEvent(event, sequence, endOfBatch);
            said.add(text(event.egress));
        };
    }

    private static String text(final ActionList<EgressAction> actions)
    {
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < actions.size(); i++)
        {
            final EgressAction action = actions.get(i);
            final EgressFields fields = EgressFields.of(action.kind);
            text.append(action.kind)
                .append(fields.hasConnection() ? " connection " + action.connectionId : "")
                .append(fields.hasLane() ? " lane " + action.laneIndex : "")
                .append(fields.hasTopic() ? " topic " + action.topicId : "")
                .append(fields.hasSequence() ? " sequence " + action.sequence : "");
            if (fields.hasBytes())
            {
                final byte[] bytes = new byte[action.length];
                action.chunk.getBytes(action.offset, bytes);
                text.append(' ').append(new String(bytes, StandardCharsets.ISO_8859_1));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
