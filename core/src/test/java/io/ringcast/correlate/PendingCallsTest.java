package io.ringcast.correlate;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Against a map in order of insertion. A failure names its seed. */
class PendingCallsTest
{
    private static final int LIMIT_CALLS = 200;

    @Test
    void shouldDoAsAMapDoesGivenRandomSteps()
    {
        for (long seed = 0; seed < 50; seed++)
        {
            runSteps(seed);
        }
    }

    private static void runSteps(final long seed)
    {
        final Random random = new Random(seed);
        final PendingCalls pendingCalls = new PendingCalls(LIMIT_CALLS);
        final Map<Long, PendingCall> model = new LinkedHashMap<>();
        final Set<Long> everUsed = new HashSet<>();
        final int growth = 30 + random.nextInt(60);

        for (int step = 0; step < 2_000; step++)
        {
            final String where = "seed " + seed + ", step " + step;
            if (random.nextInt(100) < growth)
            {
                final PendingCall call = pendingCalls.tryOpen();
                assertEquals(model.size() == LIMIT_CALLS, call == null, where);
                if (call != null)
                {
                    final long id = PendingCalls.upstreamRequestId(call);
                    assertTrue(everUsed.add(id), where + ": an id came back");
                    assertTrue(id > 0 && (id & 1) == 0 && id < 1L << 52, where + ": id " + id);
                    model.put(id, call);
                }
            }
            else if (!model.isEmpty())
            {
                final List<Long> ids = new ArrayList<>(model.keySet());
                final long id = ids.get(random.nextBoolean() ? 0 : random.nextInt(ids.size()));
                if (random.nextInt(4) == 0)
                {
                    pendingCalls.settle(model.get(id));
                }
                else
                {
                    pendingCalls.close(model.remove(id));
                    assertNull(pendingCalls.find(id), where);
                }
            }
            check(pendingCalls, model, where);
        }
        for (final long id : everUsed)
        {
            assertSame(model.get(id), pendingCalls.find(id), "seed " + seed);
        }
    }

    @Test
    void shouldFindNothingGivenInventedIds()
    {
        final PendingCalls pendingCalls = new PendingCalls(LIMIT_CALLS);
        pendingCalls.tryOpen();

        for (final long id : new long[]{0, 2, -1, -2, Long.MIN_VALUE, Long.MAX_VALUE - 1, 1L << 21 | 1, 1L << 52})
        {
            assertNull(pendingCalls.find(id), "id " + id);
        }
    }

    private static void check(
        final PendingCalls pendingCalls, final Map<Long, PendingCall> model, final String where)
    {
        assertEquals(model.size(), pendingCalls.openCount(), where);
        final PendingCall oldestOwed = model.values().stream().filter(call -> call.isOwed).findFirst().orElse(null);
        assertSame(oldestOwed, pendingCalls.oldest(), where);
        model.forEach((id, call) -> assertSame(call, pendingCalls.find(id), where));
    }
}
