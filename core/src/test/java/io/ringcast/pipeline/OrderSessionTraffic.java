package io.ringcast.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Clients of sessions that want whole blocks, over a chain that forks and upstreams that lose, delay, go and come back.
 * Confined to the test's thread; decided by its seed.
 */
final class OrderSessionTraffic extends ChainTraffic
{
    /** What a run must have come across to prove anything. */
    enum Seen
    {
        RETURN,
        REPEAT,
        BROKEN_BRACKET
    }

    private static final int LIMIT_DEPTH = 5;
    private static final int CLIENTS = 4;

    private final long[] seen = new long[Seen.values().length];
    private final List<ReturningOrderClient> clients = new ArrayList<>();

    OrderSessionTraffic(final long seed)
    {
        this(seed, new Random(seed));
    }

    private OrderSessionTraffic(final long seed, final Random random)
    {
        super(seed, random, new PastChain(random), timing -> { });
        begin(20);
        for (int i = 0; i < CLIENTS; i++)
        {
            clients.add(new ReturningOrderClient(relay, random, i));
        }
        settle(1_000);
        clients.forEach(ReturningOrderClient::come);
        settle(1_000);
    }

    @Override
    public long[] seen()
    {
        return seen;
    }

    @Override
    public void step()
    {
        final int dice = random.nextInt(100);
        if (dice < 50)
        {
            tell(chain.grow());
        }
        else if (dice < 62)
        {
            fork(LIMIT_DEPTH);
        }
        else if (dice < 68)
        {
            toggle();
        }
        else
        {
            act(clients.get(random.nextInt(clients.size())));
        }
        settle(random.nextInt(4) == 0 ? 1_000 : random.nextInt(4));
        if (random.nextInt(4) == 0)
        {
            pass(STEP_NS / (1 + random.nextInt(8)));
        }
    }

    private void act(final ReturningOrderClient client)
    {
        if (!client.isHere())
        {
            client.come();
        }
        else if (random.nextInt(3) == 0)
        {
            client.leave();
        }
        else
        {
            client.act();
        }
    }

    @Override
    public void finish()
    {
        endFailures();
        for (int i = 0; i < 4; i++)
        {
            tellSurely(chain.grow());
            settle(1_000);
        }
        for (int i = 0; i < 40; i++)
        {
            clients.forEach(ReturningOrderClient::catchUp);
            pass(STEP_NS);
        }
        for (final ReturningOrderClient client : clients)
        {
            client.finish();
            seen[Seen.RETURN.ordinal()] += client.returns;
            seen[Seen.REPEAT.ordinal()] += client.repeats;
            seen[Seen.BROKEN_BRACKET.ordinal()] += client.brokenBrackets;
        }
        checkNoFault();
    }

    @Override
    void readClients()
    {
        clients.forEach(ReturningOrderClient::readWitness);
    }

    @Override
    void betweenItems()
    {
        settle(random.nextInt(2));
    }

    @Override
    boolean mayFail(final String method, final String params)
    {
        return "eth_getLogs".equals(method);
    }
}
