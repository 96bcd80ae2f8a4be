package io.ringcast.lane;

import io.ringcast.frame.HexWords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

/** Whatever hashes nodes say, a block is found by its own. Confined to the test's thread. */
class BlocksByHashTest
{
    private static final class Kept extends BlocksByHash.Entry<Kept>
    {
        Kept(final long[] of)
        {
            System.arraycopy(of, 0, hash, 0, HexWords.WORDS);
        }
    }

    static LongStream seeds()
    {
        final long start = System.nanoTime();
        return LongStream.range(0, 40).map(i -> i < 20 ? i : start + i);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldFindEachByItsOwnHashAsAListDoes(final long seed)
    {
        final Random random = new Random(seed);
        final BlocksByHash<Kept> blocks = new BlocksByHash<>();
        final List<Kept> here = new ArrayList<>();
        final List<long[]> hashes = new ArrayList<>();
        for (int i = 0; i < 60; i++)
        {
            hashes.add(hash(random));
        }

        for (int step = 0; step < 2_000; step++)
        {
            final long[] hash = hashes.get(random.nextInt(hashes.size()));
            final Kept kept = here.stream().filter(one -> one.isHash(hash)).findFirst().orElse(null);
            assertSame(kept, blocks.find(hash), () -> "seed " + seed);
            if (kept == null)
            {
                final Kept added = new Kept(hash);
                blocks.add(added);
                here.add(added);
            }
            else if (random.nextBoolean())
            {
                blocks.remove(kept);
                here.remove(kept);
                assertNull(blocks.find(hash));
            }
        }
    }

    @Test
    void shouldKeepLogsOfBlocksApartWhoseHashesBeginAlike()
    {
        final LogBlocks blocks = LogBlocksTest.blocks(1 << 20);
        final LogBlock first = blocks.get(new long[]{7, 7, 7, 1}, 1);
        final LogBlock second = blocks.get(new long[]{7, 7, 7, 2}, 2);

        assertSame(first, blocks.get(new long[]{7, 7, 7, 1}, 1));
        assertSame(second, blocks.find(new long[]{7, 7, 7, 2}, 2));
        assertNull(blocks.find(new long[]{7, 7, 7, 3}, 2));
    }

    /** Begins like others, or stands under the same key, as a node may make it. */
    private static long[] hash(final Random random)
    {
        final long[] hash = {random.nextInt(2), random.nextInt(2), random.nextLong(), 0};
        if (random.nextBoolean())
        {
            final long end = HexWords.hash(hash, 0, 0);
            hash[3] = 1L - (end ^ end >>> 29 ^ end >>> 58);
        }
        else
        {
            hash[2] = random.nextInt(2);
            hash[3] = random.nextInt(8);
        }
        return hash;
    }
}
