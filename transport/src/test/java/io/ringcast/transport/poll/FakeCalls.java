package io.ringcast.transport.poll;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes what pollers ask, and answers it from a chain when told to.
 * Confined to the test thread.
 */
final class FakeCalls implements PollCalls
{
    private record Asked(String method, String params, PollTaker taker)
    {
    }

    final List<String> methods = new ArrayList<>();
    private final FakeChain chain;
    private final ArrayDeque<Asked> asked = new ArrayDeque<>();

    FakeCalls(final FakeChain chain)
    {
        this.chain = chain;
    }

    @Override
    public void call(final String method, final String params, final PollTaker taker)
    {
        methods.add(method);
        asked.add(new Asked(method, params, taker));
    }

    boolean isEmpty()
    {
        return asked.isEmpty();
    }

    /** Answers the oldest question as the chain stands now. */
    void answerOne()
    {
        final Asked next = asked.poll();
        final String result = chain.answer(next.method, next.params);
        if (result == null)
        {
            next.taker.onFailure(-32000, "filter not found");
            return;
        }
        final byte[] bytes = ("<" + result + ">").getBytes(StandardCharsets.UTF_8);
        next.taker.onResult(bytes, 1, bytes.length - 2);
    }

    void failOne()
    {
        asked.poll().taker.onFailure(-32005, "rate limit");
    }

    void answerOneWith(final String result)
    {
        final byte[] bytes = result.getBytes(StandardCharsets.UTF_8);
        asked.poll().taker.onResult(bytes, 0, bytes.length);
    }

    void answerAll()
    {
        while (!asked.isEmpty())
        {
            answerOne();
        }
    }
}
