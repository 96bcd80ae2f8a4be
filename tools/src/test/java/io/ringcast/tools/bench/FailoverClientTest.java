package io.ringcast.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Confined to the test thread. */
final class FailoverClientTest
{
    private final FailoverClient client = new FailoverClient();

    @Test
    void shouldFindNothingWrongWithAWholeStream() throws InterruptedException
    {
        head(1, 5);
        log(1, 0);
        log(1, 1);
        head(2, 9);
        log(2, 0);

        assertEquals(9, client.awaitHead(2));
        assertEquals(5, client.items());
        assertCounts(0, 0);
    }

    @Test
    void shouldCountAJumpInTheChainAsLost()
    {
        head(1, 1);
        head(3, 2);

        assertCounts(1, 0);
    }

    @Test
    void shouldCountLogsThatDoNotComeAsLost() throws InterruptedException
    {
        head(1, 1);
        log(1, 0);
        client.awaitLogs(3);

        assertCounts(2, 0);
    }

    @Test
    void shouldCountWhatIsDoubledOrOutOfOrder()
    {
        head(1, 1);
        head(1, 2);
        log(2, 1);
        log(2, 1);
        log(2, 0);
        log(1, 2);

        assertCounts(0, 4);
    }

    @Test
    void shouldCountAnewWhenAsked()
    {
        head(1, 1);
        head(3, 2);
        client.resetCounts();
        log(3, 0);
        head(4, 3);
        log(4, 0);

        assertCounts(0, 0);
        assertEquals(2, client.items());
        assertEquals(3, client.heads());
    }

    private void assertCounts(final long lost, final long disordered)
    {
        assertEquals(lost, client.lost());
        assertEquals(disordered, client.disordered());
    }

    private void head(final int number, final long nowNs)
    {
        item("{\"number\":\"0x" + number + "\",\"parentHash\":\"" + hash(number - 1) + "\",\"hash\":\"" +
            hash(number) + "\"}", nowNs);
    }

    private void log(final int number, final int index)
    {
        item("{\"blockNumber\":\"0x" + number + "\",\"logIndex\":\"0x" + index + "\"}", 0);
    }

    private void item(final String json, final long nowNs)
    {
        client.onMessage("{\"jsonrpc\":\"2.0\",\"method\":\"eth_subscription\",\"params\":{\"result\":" + json + "}}",
            nowNs);
    }

    private static String hash(final int number)
    {
        return String.format("0x%064x", number);
    }
}
