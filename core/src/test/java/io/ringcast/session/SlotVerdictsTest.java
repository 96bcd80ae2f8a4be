package io.ringcast.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What was refused once is refused again in a replay, at the same looks and no others. */
class SlotVerdictsTest
{
    private static final byte[] CALL = {'a'};

    @RepeatedTest(100)
    void shouldSayTheSameInAReplay(final RepetitionInfo repetition)
    {
        final Random random = new Random(repetition.getCurrentRepetition());
        final ClientRights strict = new ClientRights(
            "strict", new MethodFilter(List.of("*"), List.of("b"), List.of()), 0, random.nextInt(5) + 1, 10, 0);
        final SlotVerdicts recorded = new SlotVerdicts();
        final SlotVerdicts replayed = new SlotVerdicts();
        for (int slot = 0; slot < 5; slot++)
        {
            recorded.clear();
            final long seed = random.nextLong();
            final List<Integer> first = looks(recorded, strict, new Random(seed));
            replayed.replay(recorded);

            assertEquals(first, looks(replayed, ClientRights.ALL, new Random(seed)));
        }
    }

    private static List<Integer> looks(final SlotVerdicts verdicts, final ClientRights rights, final Random random)
    {
        final List<Integer> said = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--)
        {
            CALL[0] = (byte)(random.nextBoolean() ? 'a' : 'b');
            said.add(random.nextInt(4) == 0 ? verdicts.ofSubscription(rights) :
                verdicts.ofCall(rights, random.nextInt(9) == 0, CALL, 0, 1, random.nextInt(1_000)));
        }
        return said;
    }
}
