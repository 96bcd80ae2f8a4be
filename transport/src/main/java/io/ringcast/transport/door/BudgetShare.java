package io.ringcast.transport.door;

/**
 * What one connection holds of a {@link MemoryBudget}.
 * Confined to the I/O loop that owns the socket.
 */
final class BudgetShare
{
    private final MemoryBudget budget;
    private long bytes;

    /**
     * Creates it with nothing.
     *
     * @param budget of all connections together.
     */
    BudgetShare(final MemoryBudget budget)
    {
        this.budget = budget;
    }

    /** How much it holds, in bytes. */
    long bytes()
    {
        return bytes;
    }

    /**
     * Says how much the connection holds now.
     *
     * @param nowBytes what it holds.
     * @return false if all together now hold too much and this one has not become smaller: it must give way.
     */
    boolean change(final long nowBytes)
    {
        final long before = bytes;
        bytes = nowBytes;
        return budget.change(before, nowBytes);
    }

    /** Whether all together hold more than half of what they may. */
    boolean isBudgetShort()
    {
        return budget.isShort();
    }

    /** The connection holds nothing any more. Harmless twice. */
    void giveBack()
    {
        change(0);
    }
}
