// The engine has ended without being asked to: says so, offers the log and a new start.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Basic.Popup {
    id: dialog
    property bool again
    modal: true
    anchors.centerIn: parent
    padding: 20
    closePolicy: Basic.Popup.CloseOnEscape
    background: Rectangle { color: Theme.raised; radius: Theme.radius; border.color: Theme.danger; border.width: 2 }
    Connections {
        target: preferences
        function onEngine_ended(said, again) {
            reason.text = said;
            dialog.again = again;
            dialog.open();
        }
    }
    contentItem: ColumnLayout {
        spacing: Theme.padding
        Text { text: qsTr("The generator has ended"); color: Theme.text; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
        Text { id: reason; color: Theme.dim; font.pixelSize: Theme.normal; wrapMode: Text.Wrap; Layout.maximumWidth: 460 }
        Text { text: dialog.again ? qsTr("It was started again; takes are whole, the one that was being recorded up to its last second. If this happens again, the log tells why.") : qsTr("It ended three times within a minute and is not started again. The log tells why."); color: Theme.text; font.pixelSize: Theme.normal; wrapMode: Text.Wrap; Layout.maximumWidth: 460 }
        RowLayout {
            Item { Layout.fillWidth: true }
            Button { text: qsTr("Show the log"); tint: Theme.line; onClicked: preferences.show_log() }
            Button { text: qsTr("Close"); tint: Theme.accent; ink: Theme.ground; onClicked: dialog.close() }
        }
    }
}
