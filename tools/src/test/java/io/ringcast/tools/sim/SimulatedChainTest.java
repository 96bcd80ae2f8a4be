package io.ringcast.tools.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringcast.frame.Keccak256;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class SimulatedChainTest
{
    private static final long NOW_MS = 1_700_000_000_000L;

    private final List<String> told = new ArrayList<>();
    private final List<SimulatedLog> newLogs = new ArrayList<>();
    private final List<SimulatedLog> removedLogs = new ArrayList<>();
    private final SimulatedChain chain = chain(ChainSettings.defaults(), new Recorder());

    private static SimulatedChain chain(final ChainSettings settings, final ChainListener listener)
    {
        return new SimulatedChain(settings, listener, NOW_MS);
    }

    @Test
    void shouldRepeatItselfWhenSeedIsTheSame()
    {
        final SimulatedChain same = chain(ChainSettings.defaults(), new Recorder());
        final SimulatedChain other = chain(ChainSettings.defaults().withSeed(2), new Recorder());

        assertEquals(chain.mine(NOW_MS).json(1, true), same.mine(NOW_MS).json(1, true));
        assertNotEquals(chain.head().hash(), other.mine(NOW_MS).hash());
    }

    @Test
    void shouldLinkBlocksAndTellLogsBeforeHeadWhenMining()
    {
        final SimulatedBlock first = chain.head();
        told.clear();

        final SimulatedBlock second = chain.mine(NOW_MS + 12_000);

        assertEquals(first.hash(), second.parentHash());
        assertEquals(first.number() + 1, second.number());
        assertEquals(11, told.size());
        assertEquals("head " + second.hash(), told.get(10));
        assertEquals(10, second.logs().size());
    }

    @Test
    void shouldHaveHeadersOfRealSizeWhenMining()
    {
        final int length = chain.head().headerJson().length();

        assertTrue(length > 1700 && length < 2000, "bytes: " + length);
        for (final String field : List.of("hash", "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot",
            "receiptsRoot", "logsBloom", "difficulty", "number", "gasLimit", "gasUsed", "timestamp", "extraData"))
        {
            assertTrue(chain.head().headerJson().contains("\"" + field + "\":\"0x"), field);
        }
    }

    @Test
    void shouldRemoveLogsThenGrowLongerBranchWhenReorganised()
    {
        chain.mine(NOW_MS);
        final SimulatedBlock fork = chain.head();
        final SimulatedBlock lost1 = chain.mine(NOW_MS);
        final SimulatedBlock lost2 = chain.mine(NOW_MS);
        told.clear();

        final SimulatedBlock head = chain.reorg(2, NOW_MS);

        assertEquals(lost2.number() + 1, head.number());
        assertEquals(20, removedLogs.size());
        assertEquals(lost1.logs().get(0), removedLogs.get(0));
        assertEquals(List.of("removed", "removed"), List.of(told.get(0), told.get(19)));
        assertEquals(fork.hash(), chain.blockByNumber(lost1.number()).parentHash());
        assertNull(chain.blockByHash(lost1.hash()));
        final String lostTransaction = lost1.transactions().get(0).hash();
        assertEquals(lost1.number(), chain.blockOfTransaction(lostTransaction).number());
        assertNotEquals(lost1.hash(), chain.blockOfTransaction(lostTransaction).hash());
    }

    @Test
    void shouldRefuseReorgWhenDeeperThanHistory()
    {
        assertThrows(IllegalArgumentException.class, () -> chain.reorg(1, NOW_MS));
        assertThrows(IllegalArgumentException.class, () -> chain.reorg(0, NOW_MS));
    }

    @Test
    void shouldForgetOldBlocksWhenHistoryIsFull()
    {
        final SimulatedBlock first = chain.head();
        final SimulatedBlock second = chain.mine(NOW_MS);
        for (int i = 0; i < 255; i++)
        {
            chain.mine(NOW_MS);
        }

        assertEquals(256, chain.length());
        assertEquals(second, chain.oldest());
        assertNull(chain.blockByHash(first.hash()));
        assertNull(chain.blockOfTransaction(first.transactions().get(0).hash()));
    }

    @Test
    void shouldMineSubmittedTransactionNextWhenManyWait()
    {
        final SimulatedTransaction submitted = chain.submit(new byte[]{1, 2, 3});
        for (int i = 0; i < 10_000; i++)
        {
            chain.addPending();
        }

        final SimulatedBlock block = chain.mine(NOW_MS);

        assertEquals(Keccak256.hex(new byte[]{1, 2, 3}), submitted.hash());
        assertEquals(block, chain.blockOfTransaction(submitted.hash()));
        assertNull(chain.submit(new byte[]{1, 2, 3}));
    }

    @Test
    void shouldMatchByGethRulesWhenFilterHasListsAndNulls()
    {
        chain.mine(NOW_MS);
        final SimulatedLog log = newLogs.stream().filter(l -> l.topics().size() == 3).findFirst().orElseThrow();
        final String other = "0x" + "1".repeat(64);

        assertTrue(matches(Map.of(), log));
        assertTrue(matches(Map.of("address", log.address().toUpperCase().replace("0X", "0x")), log));
        assertTrue(matches(Map.of("address", List.of(BlockForge.ACCOUNTS.get(0), log.address())), log));
        assertFalse(matches(Map.of("address", BlockForge.ACCOUNTS.get(0)), log));
        assertTrue(matches(Map.of("topics", List.of()), log));
        assertTrue(matches(Map.of("topics", List.of(List.of(other, log.topics().get(0)))), log));
        assertFalse(matches(Map.of("topics", List.of(other)), log));
        assertTrue(matches(Map.of("topics", List.of(List.of(), log.topics().get(1))), log));
        assertFalse(matches(Map.of("topics", List.of(List.of(), List.of(), List.of(), List.of())), log));
        assertThrows(RpcException.class, () -> matches(Map.of("address", "0x1"), log));
        assertThrows(RpcException.class, () -> matches(Map.of("topics", List.of(1)), log));
    }

    private static boolean matches(final Map<String, ?> criteria, final SimulatedLog log)
    {
        return LogFilter.of(criteria).matches(log);
    }

    private final class Recorder implements ChainListener
    {
        @Override
        public void onHead(final SimulatedBlock block)
        {
            told.add("head " + block.hash());
        }

        @Override
        public void onLog(final SimulatedLog log, final boolean isRemoved)
        {
            told.add(isRemoved ? "removed" : "log");
            (isRemoved ? removedLogs : newLogs).add(log);
        }

        @Override
        public void onPending(final SimulatedTransaction transaction)
        {
            told.add("pending");
        }
    }
}
