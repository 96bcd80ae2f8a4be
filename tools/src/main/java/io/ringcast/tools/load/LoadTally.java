package io.ringcast.tools.load;

/** Adds up what the connections found. Confined to the run's thread, when nothing comes any more. */
final class LoadTally
{
    private LoadTally()
    {
    }

    static LoadCounts of(final LoadClients clients, final LoadPlan plan, final ItemSource source)
    {
        if (plan.isCalls())
        {
            return ofCalls(clients);
        }
        return source == null ? ofStrange(clients) : ofStamped(clients, source.sentItems());
    }

    private static LoadCounts ofStamped(final LoadClients clients, final long sent)
    {
        long expected = 0;
        long received = 0;
        long duplicates = 0;
        long reordered = 0;
        long strays = 0;
        for (final LoadConnection connection : clients.connections())
        {
            final SequenceCheck check = ((Subscriber)connection).check();
            expected += check.expected(sent);
            received += check.received();
            duplicates += check.duplicates();
            reordered += check.reordered();
            strays += check.strays();
        }
        return new LoadCounts(sent, expected, received, Math.max(0, expected - received), duplicates, reordered,
            strays, 0, clients.closed(), 0);
    }

    private static LoadCounts ofStrange(final LoadClients clients)
    {
        long missing = 0;
        long stepsBack = 0;
        for (final LoadConnection connection : clients.connections())
        {
            missing += ((StrangeSubscriber)connection).check().missing();
            stepsBack += ((StrangeSubscriber)connection).check().stepsBack();
        }
        final long received = clients.clientLoops().stream().mapToLong(ClientLoop::received).sum();
        return new LoadCounts(0, 0, received, missing, 0, 0, 0, 0, clients.closed(), stepsBack);
    }

    private static LoadCounts ofCalls(final LoadClients clients)
    {
        long outstanding = 0;
        long errors = 0;
        long unknown = 0;
        for (final LoadConnection connection : clients.connections())
        {
            outstanding += ((Caller)connection).outstanding();
            errors += ((Caller)connection).errors();
            unknown += ((Caller)connection).unknown();
        }
        final long sent = clients.clientLoops().stream().mapToLong(ClientLoop::sent).sum();
        final long received = clients.clientLoops().stream().mapToLong(ClientLoop::received).sum();
        return new LoadCounts(
            sent, sent, received, outstanding, unknown, 0, 0, errors, clients.closed(), 0);
    }
}
