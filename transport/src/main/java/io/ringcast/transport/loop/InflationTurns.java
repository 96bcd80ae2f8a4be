package io.ringcast.transport.loop;

import io.ringcast.metrics.CounterSet;
import io.ringcast.metrics.RelayCounter;
import io.ringcast.pipeline.ReadGate;
import io.ringcast.transport.websocket.MessageInflater;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * Lets the connections of one loop inflate what they have, one after the other and one in each turn of the loop, so
 * that the loop's other sockets wait for one piece of what goes on later, and for one of each socket that has just
 * been read.
 * Confined to that loop.
 */
public final class InflationTurns implements AutoCloseable
{
    private final Executor nextTurn;
    private final CounterSet counters;
    private final MessageInflater inflater = new MessageInflater();
    private final ArrayDeque<ReadGate> waiting = new ArrayDeque<>();
    private final Runnable turn = this::turn;
    private boolean isScheduled;

    /**
     * Creates it with nobody waiting.
     *
     * @param nextTurn runs a task when the loop has looked at its sockets again.
     * @param counters count the turns.
     */
    public InflationTurns(final Executor nextTurn, final CounterSet counters)
    {
        this.nextTurn = nextTurn;
        this.counters = counters;
    }

    MessageInflater inflater()
    {
        return inflater;
    }

    /** Opens a gate when it is its turn. */
    void await(final ReadGate gate)
    {
        counters.increment(RelayCounter.INFLATION_TURNS);
        waiting.add(gate);
        schedule();
    }

    @Override
    public void close()
    {
        inflater.close();
    }

    private void turn()
    {
        isScheduled = false;
        waiting.poll().open();
        if (!waiting.isEmpty())
        {
            schedule();
        }
    }

    private void schedule()
    {
        if (!isScheduled)
        {
            isScheduled = true;
            nextTurn.execute(turn);
        }
    }
}
