package io.millrace.node.run;

import io.millrace.node.observe.Health;
import io.millrace.node.observe.Meters;
import io.millrace.web.admin.Condition;
import io.millrace.web.admin.Observed;

/** What the admin API tells about this node. */
record Observations(Health health, Meters meters) implements Observed {
    @Override
    public Condition live() {
        return health.live();
    }

    @Override
    public Condition ready() {
        return health.ready();
    }

    @Override
    public String metrics() {
        return meters.scrape();
    }
}
