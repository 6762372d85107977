package planted.names.parent;

/** A planted breach. */
abstract class AbstractTopic {}
