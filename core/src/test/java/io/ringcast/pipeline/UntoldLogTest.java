package io.ringcast.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringcast.metrics.RelayCounter;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/**
 * A log that a subscriber to whole blocks was not told with its block is not told to it as removed either: one that was
 * passed on before the first head, or came behind the end of its block.
 */
class UntoldLogTest extends LogScript
{
    private FakeOutlet plain;
    private FakeOutlet ordered;

    @BeforeEach
    void subscribe()
    {
        answered = "eth_subscribe";
        plain = subscribe("");
        ordered = subscribe(",{\"relay\":{\"order\":\"block\",\"emptyBlocks\":true}}");
    }

    @Test
    void shouldBeginBehindTheBlocksWhoseLogsWerePassedOnBeforeTheFirstHead()
    {
        final PastChain.Block first = grow("11", 0);
        final PastChain.Block early = grow("22", 1);
        log(early, 0);
        passDeadline();
        assertEquals(List.of("+22:0"), told(plain));
        answered = null;
        head(first);
        head(early);
        leaveTheBlock();

        assertEquals(List.of("-22:0", "+44:0"), told(plain));
        assertEquals(List.of("+44:0 of 1"), told(ordered));
    }

    @Test
    void shouldTellTheBlockWholeWhoseLogsWereHeldUntilThereWereHeads()
    {
        final PastChain.Block first = grow("11", 0);
        final PastChain.Block early = grow("22", 1);
        log(early, 0);
        answered = null;
        head(first);
        head(early);
        leaveTheBlock();

        assertEquals(List.of("+22:0", "-22:0", "+44:0"), told(plain));
        assertEquals(List.of("empty 5", "+22:0 of 1", "-22:0 of 1", "empty 6", "+44:0 of 1"), told(ordered));
    }

    @Test
    void shouldNotTakeBackALogThatCameBehindTheEndOfItsBlock()
    {
        final PastChain.Block block = tellInPart();
        log(block, 1);
        leaveTheBlock();

        assertEquals(List.of("+22:0", "+22:1", "-22:1", "-22:0", "+44:0"), told(plain));
        assertEquals(List.of("empty 5", "+22:0 of 1", "-22:0 of 1", "empty 6", "+44:0 of 1"), told(ordered));
    }

    @Test
    void shouldNotTakeItBackGivenThatAGapWasDeclared()
    {
        begin();
        logs = PastChain.error("overloaded");
        final PastChain.Block block = grow("22", 1);
        head(block);
        for (int i = 0; i < 100; i++)
        {
            relay.tick(TICK_NS);
            settle();
        }
        assertEquals(1, relay.count(RelayCounter.LOG_GAPS));
        logs = null;
        log(block, 0);
        leaveTheBlock();

        assertEquals(List.of("+22:0", "-22:0", "+44:0"), told(plain));
        assertEquals(List.of("empty 5", "empty 6", "empty 6", "+44:0 of 1"), told(ordered));
    }

    /** The other branch is never whole, so that nobody is told of it. */
    @Test
    void shouldNotTakeItBackGivenThatTheChainHadLeftItAndComeBack()
    {
        final PastChain.Block block = tellInPart();
        chain.goBack(1);
        logs = "";
        head(grow("33", 1));
        log(block, 1);
        logs = null;
        chain.goBack(1);
        chain.lead(block);
        say(grow("44", 0));
        chain.goBack(2);
        say(grow("55", 0));
        say(grow("66", 0));

        assertEquals(List.of("+22:0", "-22:0", "+22:0", "+22:1", "-22:1", "-22:0"), told(plain));
        assertEquals(List.of("empty 5", "+22:0 of 1", "empty 7", "-22:0 of 1", "empty 6", "empty 7"), told(ordered));
    }

    @Test
    void shouldTellAllThatCameMeanwhileGivenThatItWasTakenBack()
    {
        final PastChain.Block block = tellInPart();
        chain.goBack(1);
        say(grow("33", 0));
        log(block, 1);
        chain.goBack(1);
        chain.lead(block);
        say(grow("44", 0));

        assertEquals(List.of("+22:0", "-22:0", "+22:0", "+22:1"), told(plain));
        assertEquals(List.of("empty 5", "+22:0 of 1", "-22:0 of 1", "empty 6", "+22:0 of 2", "+22:1 of 2", "empty 7"),
            told(ordered));
    }

    /** The chain leaves its newest block for one without logs, and goes on with one that has one. */
    private void leaveTheBlock()
    {
        chain.goBack(1);
        say(grow("33", 0));
        say(grow("44", 1));
    }

    /** Both have begun, with a block without logs. */
    private void begin()
    {
        answered = null;
        head(chain.tip);
        told(plain);
        told(ordered);
        say(grow("11", 0));
    }

    /** Of the two logs of a block the node leaves out one when it is asked. */
    private PastChain.Block tellInPart()
    {
        begin();
        final PastChain.Block block = grow("22", 2);
        logs = "\"result\":[" + block.logs().get(0) + ']';
        head(block);
        logs = null;
        log(block, 0);
        return block;
    }
}
