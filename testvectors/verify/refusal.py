"""Why an input is refused."""


class Refused(Exception):
    def __init__(self, rule, offset=None):
        super().__init__(rule, offset)
        self.rule, self.offset = rule, offset
        self.status = None

    def fields(self):
        known = {"rule": self.rule}
        if self.offset is not None:
            known["offset"] = self.offset
        if self.status is not None:
            known["status"] = self.status
        return known


def demand(holds, rule):
    if not holds:
        raise Refused(rule)
