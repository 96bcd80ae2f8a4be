package io.ringcast.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.metrics.RelayCounter;

import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * A subscription to logs begins, and the node's first logs come before its next head: each log that is told is told as
 * removed when the chain leaves its block, whether the node says so or forgets to.
 */
class EarlyLogTest extends LogScript
{
    private static final String WHOLE = "{\"relay\":{\"order\":\"block\",\"emptyBlocks\":true,\"stamps\":true";

    private FakeOutlet plain;

    @Test
    void shouldTakeBackWhatWasToldOfTheNewestBlockGivenThatTheNodeForgetsTo()
    {
        final PastChain.Block tip = beginOnAChain();
        log(tip, 0);
        assertEquals(List.of("+11:0"), told(plain));
        chain.goBack(1);
        say(grow("22", 1));

        assertEquals(List.of("-11:0", "+22:0"), told(plain));
    }

    @Test
    void shouldTakeItBackOnceGivenThatTheNodeDoes()
    {
        final PastChain.Block tip = beginOnAChain();
        log(tip, 0);
        remove(tip, 0);
        assertEquals(List.of("+11:0"), told(plain), "the heads say when");
        chain.goBack(1);
        say(grow("22", 1));

        assertEquals(List.of("-11:0", "+22:0"), told(plain));
        assertEquals(1, relay.count(RelayCounter.LOGS_REMOVED_IGNORED));
    }

    @Test
    void shouldTakeBackAllOfSeveralBlocksGivenAReorgBelowWhereTheFeedBegan()
    {
        final PastChain.Block first = grow("11", 2);
        final PastChain.Block second = grow("22", 1);
        beginOnTheChain();
        log(first, 0);
        log(first, 1);
        log(second, 0);
        chain.goBack(2);
        grow("33", 0);
        grow("44", 0);
        say(grow("55", 1));

        assertEquals(List.of("+11:0", "+11:1", "+22:0", "-22:0", "-11:1", "-11:0", "+55:0"), told(plain));
    }

    @Test
    void shouldHoldALogUntilTheFirstHeadSaysWhereItBelongs()
    {
        plain = subscribe("");
        final PastChain.Block first = grow("11", 1);
        final PastChain.Block second = grow("22", 1);
        log(first, 0);
        log(second, 0);
        assertEquals(List.of(), told(plain));
        head(second);

        assertEquals(List.of("+11:0", "+22:0"), told(plain));
    }

    @Test
    void shouldForgetAHeldLogThatTheNodeRemoves()
    {
        plain = subscribe("");
        final PastChain.Block left = grow("11", 1);
        log(left, 0);
        remove(left, 0);
        passDeadline();
        chain.goBack(1);
        say(grow("22", 1));

        assertEquals(List.of("+22:0"), told(plain));
    }

    /** A network without heads has nothing to go by but the node's word. */
    @Test
    void shouldPassOnLogsAndRemovalsGivenThatNoHeadComesInTime()
    {
        plain = subscribe("");
        final PastChain.Block block = grow("11", 1);
        log(block, 0);
        passDeadline();
        assertEquals(List.of("+11:0"), told(plain));
        log(grow("22", 1), 0);
        remove(block, 0);

        assertEquals(List.of("+22:0", "-11:0"), told(plain));
    }

    @Test
    void shouldTakeBackWhatWasPassedOnGivenThatTheFirstHeadIsOfAnotherBranch()
    {
        plain = subscribe("");
        log(grow("11", 1), 0);
        passDeadline();
        chain.goBack(1);
        grow("22", 0);
        say(grow("33", 1));

        assertEquals(List.of("+11:0", "-11:0", "+33:0"), told(plain));
    }

    @Test
    void shouldAskWhichOfTheBlocksAreOnTheChainGivenThatTheFirstHeadIsFarAbove()
    {
        plain = subscribe("");
        final PastChain.Block kept = grow("11", 1);
        log(kept, 0);
        log(grow("22", 1), 0);
        passDeadline();
        chain.goBack(1);
        grow("33", 0);
        grow("44", 0);
        answered = "eth_subscribe";
        say(grow("55", 1));
        assertEquals(List.of("+11:0", "+22:0"), told(plain), "what is newer waits for the answers");
        answered = null;
        passDeadline();

        assertEquals(List.of("-22:0", "+55:0"), told(plain));
        chain.goBack(6);
        grow("66", 0);
        grow("77", 0);
        grow("88", 0);
        grow("99", 0);
        grow("aa", 0);
        grow("bb", 0);
        say(grow("cc", 0));
        assertEquals(List.of("-55:0", "-11:0"), told(plain));
    }

    @Test
    void shouldTakeTheNodesWordGivenThatNobodyAnswersWhichBlockIsOnTheChain()
    {
        plain = subscribe("");
        answered = "eth_subscribe";
        final PastChain.Block early = grow("11", 1);
        log(early, 0);
        passDeadline();
        grow("22", 0);
        say(grow("33", 1));
        passDeadline();
        assertEquals(List.of("+11:0", "+33:0"), told(plain));
        remove(early, 0);

        assertEquals(List.of("-11:0"), told(plain));
    }

    @Test
    void shouldTakeBackWhatWasPassedOnGivenThatTheAnswerIsLate()
    {
        plain = subscribe("");
        answered = "eth_subscribe";
        log(grow("11", 1), 0);
        passDeadline();
        chain.goBack(1);
        grow("22", 0);
        grow("33", 0);
        say(grow("44", 1));
        passDeadline();
        assertEquals(List.of("+11:0", "+44:0"), told(plain));
        answered = null;
        passDeadline();

        assertEquals(List.of("-11:0"), told(plain));
    }

    /** The feed may have begun when the node had told some of them. */
    @Test
    void shouldTellTheFirstBlockWholeGivenThatTheNodePushesNotAllOfItsLogs()
    {
        final FakeOutlet ordered = ask("\"logs\",{}," + WHOLE + "}}");
        final PastChain.Block start = grow("11", 3);
        head(start);
        log(start, 2);
        say(grow("22", 1));

        assertEquals(List.of("+11:0 of 3", "+11:1 of 3", "+11:2 of 3", "+22:0 of 1"), told(ordered));
    }

    @Test
    void shouldTellWholeTheFirstBlockOfAFeedThatBeginsWhenThereAreHeads()
    {
        ask("\"newHeads\"");
        head(grow("11", 2));
        final FakeOutlet ordered = ask("\"logs\",{}," + WHOLE + "}}");
        final PastChain.Block start = grow("22", 2);
        head(start);
        log(start, 1);
        say(grow("33", 0));

        assertEquals(List.of("+22:0 of 2", "+22:1 of 2", "empty 7"), told(ordered));
    }

    @Test
    void shouldGoOnBehindTheBlockThatTheFeedBeganWithGivenAMarkAsThePosition()
    {
        plain = subscribe("");
        final FakeOutlet ordered = ask("\"logs\",{}," + WHOLE + "}}");
        final PastChain.Block start = grow("11", 2);
        say(start);
        say(grow("22", 0));
        say(grow("33", 0));
        final String position = ordered.positions(',').replaceAll(".*\\D", "");
        final FakeOutlet resumed = ask("\"logs\",{}," + WHOLE + ",\"resume\":{\"e\":\"" + relay.parts.epoch() +
            "\",\"q\":" + position + "}}}");
        say(grow("44", 1));

        assertEquals(List.of("+11:0", "+11:1", "+44:0"), told(plain));
        assertEquals(List.of("+11:0 of 2", "+11:1 of 2", "empty 6", "empty 7", "+44:0 of 1"), told(ordered));
        assertEquals(List.of("+44:0 of 1"), told(resumed).stream().filter(item -> !item.startsWith("empty")).toList());
    }

    @Test
    void shouldRefuseAPositionAmidLogsThatHaveNoOrderToWhoWantsWholeBlocks()
    {
        plain = subscribe("");
        final PastChain.Block first = grow("11", 1);
        log(grow("22", 1), 0);
        passDeadline();
        log(first, 0);
        say(grow("33", 1));
        say(grow("44", 1));
        final String epoch = relay.parts.epoch();

        final FakeOutlet refused = ask("\"logs\",{}," + WHOLE + ",\"resume\":{\"e\":\"" + epoch + "\",\"q\":1}}}");
        final String error = refused.received.poll();
        assertTrue(error.contains("\"oldest\":{\"e\":\"" + epoch + "\",\"q\":2}"), error);
        final FakeOutlet resumed = ask("\"logs\",{}," + WHOLE + ",\"resume\":{\"e\":\"" + epoch + "\",\"q\":2}}}");
        say(grow("55", 0));
        say(grow("66", 0));
        assertEquals(List.of("+33:0 of 1", "+44:0 of 1"),
            told(resumed).stream().filter(item -> !item.startsWith("empty")).toList());
    }

    /** A client to heads has been there before. */
    private PastChain.Block beginOnAChain()
    {
        final PastChain.Block tip = grow("11", 1);
        beginOnTheChain();
        return tip;
    }

    private void beginOnTheChain()
    {
        ask("\"newHeads\"");
        for (long number = 1; number <= chain.tip.number(); number++)
        {
            head(chain.at(number));
        }
        plain = subscribe("");
    }

    private void remove(final PastChain.Block block, final int index)
    {
        item("0xbb", block.logs().get(index).replace("false", "true"));
    }
}
