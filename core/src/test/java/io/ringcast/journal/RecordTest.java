package io.ringcast.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What is written is read back whole and in order, or not at all. A failure names its seed. */
final class RecordTest
{
    private static final int SEEDS = 50;
    private static final RunStart START = new RunStart(
        "1", 2, -2, 3, "0102030405060708", "network:\n  upstreams: [\"ws://127.0.0.1:1\"]\n", RunStart.NOTHING, 0);

    /** Takes records, and refuses some at first. Confined to the test's thread. */
    private static final class Sink implements JournalSink
    {
        final List<byte[]> records = new ArrayList<>();
        private final Random random;

        Sink(final Random random)
        {
            this.random = random;
        }

        @Override
        public Result offer(final DirectBuffer buffer, final int offset, final int lengthBytes)
        {
            if (random.nextInt(3) == 0)
            {
                return Result.BACK_PRESSURED;
            }
            final byte[] record = new byte[lengthBytes];
            buffer.getBytes(offset, record);
            records.add(record);
            return Result.TAKEN;
        }

        @Override
        public int maxRecordBytes()
        {
            return 256;
        }

        @Override
        public long position()
        {
            return records.size();
        }

        @Override
        public long writtenPosition()
        {
            return records.size();
        }

        @Override
        public void onBroken()
        {
            throw new AssertionError("nothing is broken here");
        }
    }

    /** Collects what was read. Confined to the test's thread. */
    private static final class Collector implements RecordReader.Listener
    {
        final List<SlotRecord> slots = new ArrayList<>();
        RunStart start;
        long end = -1;

        @Override
        public void onRun(final RunStart runStart)
        {
            start = runStart;
        }

        @Override
        public void onSlot(final SlotRecord slot)
        {
            slots.add(copy(slot));
        }

        @Override
        public void onEnd(final long count)
        {
            end = count;
        }
    }

    @Test
    void shouldReadWhatWasWrittenGivenRefusals()
    {
        for (long seed = 0; seed < SEEDS; seed++)
        {
            final Random random = new Random(seed);
            final List<SlotRecord> written = new ArrayList<>();
            final Collector collector = read(write(random, written, true), Integer.MAX_VALUE);

            assertEquals(START, collector.start, "seed " + seed);
            assertEquals(written.size(), collector.end, "seed " + seed);
            assertSame(written, collector.slots, "seed " + seed);
        }
    }

    @Test
    void shouldHandOnWholeSlotsOnlyGivenATornEnd()
    {
        for (long seed = 0; seed < SEEDS; seed++)
        {
            final Random random = new Random(seed);
            final List<SlotRecord> written = new ArrayList<>();
            final List<byte[]> records = write(random, written, false);
            final Collector collector = read(records, 1 + random.nextInt(records.size()));

            assertTrue(collector.slots.size() <= written.size());
            assertSame(written.subList(0, collector.slots.size()), collector.slots, "seed " + seed);
        }
    }

    @Test
    void shouldRefuseWhatDoesNotFollow()
    {
        final List<byte[]> records = write(new Random(1), new ArrayList<>(), false);

        for (int missing = 0; missing < records.size() - 1; missing++)
        {
            final List<byte[]> holed = new ArrayList<>(records);
            holed.remove(missing);
            assertThrows(JournalFormatException.class, () -> read(holed, Integer.MAX_VALUE));
        }
    }

    @Test
    void shouldRefuseAnotherVersion()
    {
        final List<byte[]> records = write(new Random(1), new ArrayList<>(), false);
        records.get(0)[RecordLayout.RECORD_VERSION]++;

        assertThrows(JournalFormatException.class, () -> read(records, Integer.MAX_VALUE));
    }

    private static List<byte[]> write(final Random random, final List<SlotRecord> written, final boolean hasEnd)
    {
        final Sink sink = new Sink(random);
        final RecordWriter writer = new RecordWriter(sink);
        while (writer.offer(START) != JournalSink.Result.TAKEN)
        {
            // Again.
        }
        for (int i = 0; i < 40; i++)
        {
            final SlotRecord slot = slot(random, i);
            written.add(slot);
            while (writer.offer(slot) != JournalSink.Result.TAKEN)
            {
                // Again.
            }
        }
        while (hasEnd && writer.offerEnd(written.size()) != JournalSink.Result.TAKEN)
        {
            // Again.
        }
        return sink.records;
    }

    private static SlotRecord slot(final Random random, final long sequence)
    {
        final SlotRecord slot = new SlotRecord();
        slot.sequence = sequence;
        slot.kindCode = 1 + random.nextInt(65_535);
        slot.connectionId = random.nextLong();
        slot.laneIndex = random.nextInt();
        slot.nowNs = random.nextLong();
        slot.comingNs = random.nextLong();
        slot.outputCheck = random.nextInt();
        slot.text = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(1_200)];
        slot.textBytes = slot.text.length;
        random.nextBytes(slot.text);
        for (int i = random.nextInt(3) * random.nextInt(30); i > 0; i--)
        {
            slot.verdicts.addNote(random.nextInt());
        }
        for (int i = random.nextInt(3) * random.nextInt(30); i > 0; i--)
        {
            slot.readings.add(random.nextLong());
        }
        return slot;
    }

    private static Collector read(final List<byte[]> records, final int count)
    {
        final Collector collector = new Collector();
        final RecordReader reader = new RecordReader(collector);
        records.stream().limit(count).forEach(record -> reader.onRecord(new UnsafeBuffer(record), 0, record.length));
        return collector;
    }

    private static SlotRecord copy(final SlotRecord slot)
    {
        final SlotRecord copy = new SlotRecord();
        copy.sequence = slot.sequence;
        copy.kindCode = slot.kindCode;
        copy.connectionId = slot.connectionId;
        copy.laneIndex = slot.laneIndex;
        copy.nowNs = slot.nowNs;
        copy.comingNs = slot.comingNs;
        copy.outputCheck = slot.outputCheck;
        copy.text = Arrays.copyOf(slot.text, slot.textBytes);
        copy.textBytes = slot.textBytes;
        for (int i = 0; i < slot.verdicts.count(); i++)
        {
            copy.verdicts.addNote(slot.verdicts.get(i));
        }
        for (int i = 0; i < slot.readings.count(); i++)
        {
            copy.readings.add(slot.readings.get(i));
        }
        return copy;
    }

    private static void assertSame(final List<SlotRecord> expected, final List<SlotRecord> actual, final String seed)
    {
        assertEquals(expected.size(), actual.size(), seed);
        for (int i = 0; i < expected.size(); i++)
        {
            final SlotRecord one = expected.get(i);
            final SlotRecord other = actual.get(i);
            assertEquals(one.sequence, other.sequence, seed);
            assertEquals(one.kindCode, other.kindCode, seed);
            assertEquals(one.connectionId, other.connectionId, seed);
            assertEquals(one.laneIndex, other.laneIndex, seed);
            assertEquals(one.nowNs, other.nowNs, seed);
            assertEquals(one.comingNs, other.comingNs, seed);
            assertEquals(one.outputCheck, other.outputCheck, seed);
            assertArrayEquals(one.text, other.text, seed);
            assertEquals(one.verdicts.count(), other.verdicts.count(), seed);
            for (int note = 0; note < one.verdicts.count(); note++)
            {
                assertEquals(one.verdicts.get(note), other.verdicts.get(note), seed);
            }
            assertEquals(one.readings.count(), other.readings.count(), seed);
            for (int reading = 0; reading < one.readings.count(); reading++)
            {
                assertEquals(one.readings.get(reading), other.readings.get(reading), seed);
            }
        }
    }
}
