from django.urls import path

from proofline.stages.delivery.views import portal, projects, reports, tickets

app_name = "delivery"
urlpatterns = [
    path("projects/", projects.projects, name="projects"),
    path("projects/<int:pk>/", projects.project, name="project"),
    path("projects/<int:pk>/edit/", projects.edit, name="project_edit"),
    path("projects/<int:pk>/reports/", projects.reports, name="report_new"),
    path("gates/<int:pk>/presentation/", projects.presentation, name="gate_presentation"),
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets/new/", tickets.new, name="ticket_new"),
    path("tickets/<int:pk>/", tickets.ticket, name="ticket"),
    path("tickets/<int:pk>/replies/", tickets.replies, name="replies"),
    path("tickets/<int:pk>/solution/", tickets.solution, name="solution"),
    path("tickets/<int:pk>/reopening/", tickets.reopening, name="reopening"),
    path("value-reports/", reports.reports, name="reports"),
    path("value-reports/<int:pk>/", reports.report, name="report"),
    path("value-reports/<int:pk>/pdf/", reports.pdf, name="report_pdf"),
    path("value-reports/<int:pk>/publication/", reports.publication, name="publication"),
    path("accounts/<int:pk>/portal-link/", portal.new_link, name="portal_link"),
    path("accounts/<int:pk>/portal-invitations/", portal.invitation, name="portal_invitation"),
    path("portal/<str:token>/", portal.portal, name="portal"),
    path("portal/<str:token>/gates/<int:pk>/acceptance/", portal.gate_acceptance, name="gate_acceptance"),
    path("portal/<str:token>/tickets/", portal.tickets, name="portal_tickets"),
    path("portal/<str:token>/tickets/<int:pk>/", portal.ticket, name="portal_ticket"),
    path("portal/<str:token>/reports/<int:pk>/", portal.report, name="portal_report"),
    path("portal/<str:token>/reports/<int:pk>/pdf/", portal.report_paper, name="portal_report_pdf"),
]
