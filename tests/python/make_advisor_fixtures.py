"""Writes tests/advisor/fixtures/arithmetic.json: loans, savings and budgets by Python's decimal.

Decimals of 60 digits, rounded to paise at the end, a half up."""

import json
import random
from decimal import ROUND_HALF_UP, Decimal, getcontext
from pathlib import Path

FIXTURE = Path(__file__).parents[1] / "advisor" / "fixtures" / "arithmetic.json"
PAISA = Decimal("0.01")
getcontext().prec = 60
chance = random.Random(7)


def dec(value):
    return Decimal(str(value))


def paise(value):
    return value.quantize(PAISA, rounding=ROUND_HALF_UP)


def worth(percent, months):
    rate = dec(percent) / 1200
    return Decimal(months) if rate == 0 else (1 - (1 + rate) ** -months) / rate


def loan(principal, percent, months):
    payment = paise(dec(principal) / worth(percent, months))
    total = payment * months
    return {
        "monthly_payment": payment,
        "total_paid": paise(total),
        "total_interest": paise(total - dec(principal)),
    }


def payoff(balance, percent, payment):
    left, interest, months = dec(balance), Decimal(0), 0
    while left > 0:
        own = paise(left * dec(percent) / 1200)
        interest += own
        left += own - dec(payment)
        months += 1
    return {
        "months": months,
        "total_interest": paise(interest),
        "total_paid": paise(dec(balance) + interest),
        "last_payment": paise(dec(payment) + left),
    }


def savings(goal, months, saved, percent):
    rate = dec(percent) / 1200
    growth = (1 + rate) ** months
    missing = dec(goal) - dec(saved) * growth
    each = Decimal(months) if rate == 0 else (growth - 1) / rate
    return {"monthly_saving": paise(missing / each) if missing > 0 else Decimal(0)}


def deposit(principal, percent, months, times):
    maturity = paise(dec(principal) * (1 + dec(percent) / (100 * times)) ** (months * times // 12))
    return {"maturity": maturity, "interest": paise(maturity - dec(principal))}


def split(income, needs, wants):
    parts = [paise(dec(income) * dec(share) / 100) for share in (needs, wants)]
    return {"needs": parts[0], "wants": parts[1], "savings": paise(dec(income) - sum(parts))}


def amount():
    return round(chance.choice([chance.uniform(1, 9e6), chance.randrange(1000, 90000)]), 2)


def rate():
    return chance.choice([0, round(chance.uniform(0, 48), 2), 8.5, 10, 12])


def months():
    return chance.choice([1, 12, 60, 240, 360, chance.randrange(1, 600)])


def cases(make, count=40):
    return [
        {"input": given, "result": {name: float(value) for name, value in result.items()}}
        for given, result in (make() for _ in range(count))
    ]


def loan_case():
    given = {"principal": amount(), "annual_rate_percent": rate(), "months": months()}
    return given, loan(*given.values())


def affordable_case():
    given = {"monthly_payment": amount(), "annual_rate_percent": rate(), "months": months()}
    payment, percent, count = given.values()
    return given, {"principal": paise(dec(payment) * worth(percent, count))}


def payoff_case():
    balance, percent = amount(), rate()
    # More than the interest of the first month, so that it ends.
    payment = round(balance * percent / 1200 * chance.uniform(1.1, 4) + balance / 100 + 1, 2)
    given = {"balance": balance, "annual_rate_percent": percent, "monthly_payment": payment}
    return given, payoff(*given.values())


def savings_case():
    given = {
        "goal": amount(),
        "months": months(),
        "saved": chance.choice([0, amount()]),
        "annual_rate_percent": rate(),
    }
    return given, savings(*given.values())


def deposit_case():
    times = chance.choice([1, 2, 4, 12])
    given = {
        "principal": amount(),
        "annual_rate_percent": rate(),
        "months": 12 // times * chance.randrange(1, 40),
        "times_a_year": times,
    }
    return given, deposit(*given.values())


def split_case():
    needs = chance.choice([50, 60, 33.3])
    given = {"monthly_income": amount(), "needs_percent": needs, "wants_percent": 30}
    return given, split(*given.values())


def ratio_case():
    given = {"monthly_income": amount() + 1, "monthly_debt": amount()}
    income, debt = given.values()
    return given, {"ratio_percent": paise(dec(debt) * 100 / dec(income))}


def percent_case():
    given = {"percent": round(chance.uniform(0, 200), 2), "of": amount()}
    percent, of = given.values()
    return given, {"amount": paise(dec(of) * dec(percent) / 100)}


FIXTURE.write_text(
    json.dumps(
        {
            "loan_payment": cases(loan_case),
            "affordable_loan": cases(affordable_case),
            "debt_payoff": cases(payoff_case),
            "savings_plan": cases(savings_case),
            "deposit_growth": cases(deposit_case),
            "budget_split": cases(split_case),
            "debt_to_income": cases(ratio_case),
            "percent_of": cases(percent_case),
        },
        indent=1,
    )
    + "\n"
)
