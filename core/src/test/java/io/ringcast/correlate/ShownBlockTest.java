package io.ringcast.correlate;

import io.ringcast.frame.FrameDecoder;
import io.ringcast.frame.FrameView;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Which block an answer shows. */
class ShownBlockTest
{
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"0x10\"|16",
        "\"0x\"|-1",
        "\"latest\"|-1",
        "null|-1",
        "true|-1",
        "16|-1",
        "{\"hash\":\"0x2\",\"number\":\"0x11\",\"transactions\":[{\"blockNumber\":\"0x1\"}]}|17",
        "{\"transactions\":[{\"blockNumber\":\"0x1\"}],\"number\" : \"0x11\"}|17",
        "{\"blockHash\":\"0x2\",\"blockNumber\":\"0x12\",\"logs\":[]}|18",
        "{\"blockHash\":null,\"blockNumber\":null}|-1",
        "{}|-1",
        "[]|-1",
        "[{\"blockNumber\":\"0x1\"},{\"a\":\"0x\",\"blockNumber\" : \"0x13\",\"data\":\"0x0\"}]|19",
        "[{\"blockNumber\":null}]|-1",
        "{\"oldestBlock\":\"0x10\",\"baseFeePerGas\":[\"0x1\",\"0x1\",\"0x1\"],\"gasUsedRatio\":[0.5,1]}|17",
        "{\"gasUsedRatio\":[ 0 ],\"reward\":[[\"0x1\",\"0x2\"]],\"oldestBlock\" : \"0x10\"}|16",
        "{\"oldestBlock\":\"0x0\",\"gasUsedRatio\":null}|-1",
        "{\"oldestBlock\":\"0x10\",\"gasUsedRatio\":[]}|-1",
        "{\"oldestBlock\":\"latest\",\"gasUsedRatio\":[1]}|-1",
        "{\"gasUsedRatio\":[1]}|-1",
        "[{\"blockNumber\":7},{\"blockNumber\" : 20,\"type\":\"call\"}]|20",
        "[{\"blockNumber\":20}]|20",
        "[{\"blockNumber\":20.5}]|-1",
        "[{\"blockNumber\":-20}]|-1",
        "[{\"blockNumber\":999999999999999999}]|999999999999999999",
        "[{\"blockNumber\":1000000000000000000}]|-1",
        "{\"blockNumber\":20,\"type\":\"call\"}|20",
        "{\"blockNumber\":20e1}|-1",
        "[\"0x1\"]|-1"})
    void shouldReadTheHighestNumber(final String result, final long number)
    {
        assertEquals(number, read(result));
    }

    @ParameterizedTest
    @CsvSource({"4000,19", "9000,-1"})
    void shouldLookNoFartherThanItMayForTheLastOfAList(final int dataDigits, final long number)
    {
        assertEquals(number, read("[{\"blockNumber\":\"0x13\",\"data\":\"0x" + "0".repeat(dataDigits) + "\"}]"));
    }

    private static long read(final String result)
    {
        final byte[] text = ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + result + "}")
            .getBytes(StandardCharsets.US_ASCII);
        final FrameView view = new FrameView();
        new FrameDecoder().decode(text, 0, text.length, view);
        return new ShownBlock().numberIn(text, view);
    }
}
